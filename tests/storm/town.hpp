#pragma once
// A small engine without sockets: the real reading, queue and store code, some profiles in place of Moesif, and a
// Segment that remembers. Every step is one job as the flows do it.

#include <boost/test/unit_test.hpp>

#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "../../src/engine/segment_writer.hpp"
#include "fragile_disk.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/engine/ingest.hpp"
#include "traitsync/store/job_thread.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::test {

// What Segment saw, in order. It takes each message, but answers 400 to those whose text holds `refused`.
struct seen_messages {
    struct arrival {
        std::size_t at = 0;  // events of the disk so far
        std::string id, user, body;
        bool taken = true;
    };
    static constexpr std::string_view refused = "refuse-me";

    std::vector<arrival> arrivals;
    std::map<std::string, std::string> bodies;                           // by id
    std::map<std::string, std::string> newest;                           // id by user
    std::map<std::string, std::map<std::string, std::string>> pictures;  // traits by user
    std::vector<std::string> wrong;

    bool take(std::string const& body, std::size_t at) {
        json::document d;
        BOOST_REQUIRE((d.parse(body) == json::parse_fault::none));
        auto const text = [&](char const* name) { return std::string{d.root().find(name)->text}; };
        auto const id = text("messageId");
        auto const user = text("userId");
        auto const taken = body.find(refused) == std::string::npos;
        arrivals.push_back({at, id, user, body, taken});
        auto const [known, fresh] = bodies.emplace(id, body);
        if (!fresh && known->second != body) wrong.push_back("an id with two contents: " + id);
        auto& last = newest[user];
        if (fresh && id < last) wrong.push_back("an older message came after a newer one: " + id);
        last = std::max(last, id);
        auto& picture = pictures[user];
        bool differs = false;
        for (auto const& m : d.root().find("traits")->members()) {
            std::string value;
            json::append(value, m.val);
            if (taken) differs = differs || picture[std::string{m.key}] != value;
            if (taken) picture[std::string{m.key}] = value;
        }
        if (fresh && taken && !differs) wrong.push_back("a change under a second id: " + body);
        return taken;
    }
};

class town {
public:
    explicit town(std::string path, config::trait_settings const& rules = settings())
        : path_{std::move(path)}, rules_{rules} {}

    seen_messages segment;
    std::function<std::size_t()> now_at = [] { return std::size_t{0}; };  // events of the disk so far
    std::map<std::string, std::string> users, companies;                  // `_id` to `_source`
    std::int64_t now = 1'790'000'000'000;

    static config::trait_settings settings() {
        config::trait_settings s;
        s.brake_percent = 0;
        return s;
    }
    void put(int i, std::string const& plan) {
        auto const id = fmt::format("user-{:02}", i);
        users[id] =
            fmt::format(R"({{"user_id":"{}","email":"u{}@example.com","company_id":"c{}","metadata":{{"plan":"{}"}}}})",
                        id, i, i % 2, plan);
    }
    void put_company(int i, std::string const& name) {
        companies[fmt::format("c{}", i)] =
            fmt::format(R"({{"company_id":"c{}","company_domain":"{}.example"}})", i, name);
    }

    result<void> open() {
        session_.reset();
        in_flight_.clear();
        // The disk is in memory and the store's real file stays empty: for the lock each start is the first.
        std::filesystem::remove(path_ + ".lock");
        TRY_ASSIGN(auto file, store::database::open(path_));
        session_ = std::make_unique<store::session>(std::move(file));
        TRY_ASSIGN(auto const state, job<engine::ingest::rules_state>([&](auto& s) { return rules_.prepare(s); }));
        static_cast<void>(state);
        return job<void>([&](auto& s) -> result<void> {
            in_flight_ = s.outbox.unanswered(0, 1000);
            return {};
        });
    }
    void close() {
        session_->file().close_cleanly();
        session_.reset();
    }
    void vanish() { session_.reset(); }
    store::session& session() { return *session_; }

    // A pass to its end; an unfinished one goes on where it stood.
    result<void> pull() {
        TRY_ASSIGN(auto pass, job<store::pass_row>([&](auto& s) { return begin(s); }));
        for (;;) {
            ++now;
            auto const body = page_after(pass);
            TRY_ASSIGN(auto const page, moesif::split_page(body));
            TRY_ASSIGN(auto const read,
                       job<engine::ingest::page_result>([&](auto& s) { return rules_.page(s, pass, page, now); }));
            if (read.hits > 0) continue;
            for (std::optional<std::string> after{pass.last_key}; after;) {
                TRY_ASSIGN(after, job<std::optional<std::string>>(
                                      [&](auto& s) { return rules_.note_missing(s, pass, *after); }));
            }
            if (pass.stage == store::pass_stage::users) break;
            for (bool more = true; more;) {
                TRY_ASSIGN(more, job<bool>([&](auto& s) { return rules_.compare_company_users(s, pass, now); }));
            }
            TRY(job<void>([&](auto& s) { return turn(s, pass, store::pass_stage::users, {}); }));
        }
        return job<void>([&](auto& s) { return turn(s, pass, store::pass_stage::done, now); });
    }
    // Offers some messages and sends them, with those that have no answer yet before them.
    result<bool> send(std::size_t limit) {
        ++now;
        if (in_flight_.empty()) {
            TRY_ASSIGN(in_flight_, job<std::vector<store::frozen>>([&](auto& s) -> result<std::vector<store::frozen>> {
                           store::session::transaction tx{s};
                           auto taken = s.outbox.offer(limit, 475'000, writer_, {rules_.diff_rules()}, now);
                           tx.commit();
                           return std::move(taken.messages);
                       }));
        }
        if (in_flight_.empty()) return false;
        acknowledged_.clear();
        dead_.clear();
        for (auto const& m : in_flight_) {
            if (segment.take(m.body, now_at())) {
                acknowledged_.push_back(m.row);
            } else {
                dead_.push_back({.row = m.row, .reason = diff::dead_reason::refused, .answer = "400"});
            }
        }
        return true;
    }
    // Commits the answers to what was sent last.
    result<void> settle() {
        ++now;
        TRY_ASSIGN(in_flight_, job<std::vector<store::frozen>>([&](auto& s) -> result<std::vector<store::frozen>> {
                       store::session::transaction tx{s};
                       auto next = s.outbox.settle(acknowledged_, dead_, now);
                       tx.commit();
                       return next;
                   }));
        return {};
    }
    result<void> deliver() {
        for (;;) {
            TRY_ASSIGN(auto const more, send(4));
            if (!more) return {};
            TRY(settle());
        }
    }
    result<void> checkpoint() {
        return job<void>([](auto& s) -> result<void> {
            s.file().checkpoint();
            return {};
        });
    }
    // Every user's picture at Segment is what the profiles say; else the first that is not.
    std::string difference() const {
        for (auto const& [id, source] : users) {
            if (source.find(seen_messages::refused) != std::string::npos) continue;
            json::document d;
            d.parse(source);
            std::string plan, company;
            json::append(plan, *d.root().find("metadata"));
            auto const found = segment.pictures.find(id);
            if (found == segment.pictures.end()) return id + " never arrived";
            auto const at = [&](char const* name) {
                auto const t = found->second.find(name);
                return t == found->second.end() ? std::string{} : t->second;
            };
            if (at("metadata") != plan) return id + ": metadata is " + at("metadata") + ", not " + plan;
            json::document c;
            c.parse(companies.at(std::string{d.root().find("company_id")->text}));
            auto const domain = "\"" + std::string{c.root().find("company_domain")->text} + "\"";
            if (at("company").find(domain) == std::string::npos) return id + ": company is " + at("company");
        }
        return {};
    }

private:
    template <class T, class Job>
    result<T> job(Job&& work) {
        try {
            return work(*session_);
        } catch (...) {
            return store::error_of_exception(std::current_exception());
        }
    }
    result<store::pass_row> begin(store::session& s) const {
        if (auto unfinished = s.passes.unfinished()) return *unfinished;
        store::session::transaction tx{s};
        store::pass_row row;
        row.started = now;
        row.first_sync = s.meta.integer("first_sync_done").value_or(0) == 0;
        row.no = s.passes.add(row);
        tx.commit();
        return row;
    }
    static result<void> turn(store::session& s, store::pass_row& pass, store::pass_stage stage,
                             std::optional<std::int64_t> ended) {
        store::session::transaction tx{s};
        auto next = pass;
        next.stage = stage;
        next.search_after.clear();
        next.last_key.clear();
        next.ended = ended;
        if (ended) {
            for (std::optional<store::outbox::settling> further{store::outbox::settling{}}; further;)
                further = s.outbox.settle_pass(pass.no, false, 1000, *further);
            s.meta.set("first_sync_done", std::int64_t{1});
        }
        s.passes.save(next);
        tx.commit();
        pass = std::move(next);
        return {};
    }
    std::string page_after(store::pass_row const& pass) const {
        auto const& all = pass.stage == store::pass_stage::users ? users : companies;
        std::string hits;
        int count = 0;
        for (auto const& [id, source] : all) {
            if (!pass.search_after.empty() && "[\"" + id + "\"]" <= pass.search_after) continue;
            if (++count > 5) break;
            hits +=
                fmt::format(R"({}{{"_id":"{}","_source":{},"sort":["{}"]}})", hits.empty() ? "" : ",", id, source, id);
        }
        return fmt::format(R"({{"took":1,"timed_out":false,"hits":{{"total":{},"hits":[{}]}}}})", all.size(), hits);
    }

    std::string path_;
    engine::ingest rules_;
    engine::segment_writer writer_;
    std::unique_ptr<store::session> session_;
    std::vector<store::frozen> in_flight_;
    std::vector<std::int64_t> acknowledged_;
    std::vector<store::death> dead_;
};

}  // namespace traitsync::test
