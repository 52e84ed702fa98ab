// Every order of events for two users up to a depth, through the real queue on a real store: change, offer, acceptance,
// refusal, replay marked ahead and made as it is offered, retry, hold, release, trimming of the history, and a crash,
// after which only the store says what was offered. Each step is a savepoint that is taken back; states that look alike
// are visited once.
#include <SQLiteCpp/Database.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <functional>
#include <map>

#include "support/temp_dir.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::store;
using diff::message_state;
using profile::trait;

struct short_writer final : message_writer {
    plan cut(draft const& d) override {
        plan p;
        p.parts.emplace_back();
        for (auto const& [name, text] : d.traits) p.parts.back().add(name);
        return p;
    }
    void write(std::string& out, draft const& d, profile::trait_set, message_id const& id) override {
        out += id.text() + d.user.data()[0];
        for (auto const& [name, text] : d.traits) out += text;
    }
};

// What an observer outside knows: the bytes of each offered row, and of each user the value that was offered and the
// one that was accepted last.
struct observer {
    std::map<std::int64_t, std::string> offered;
    std::map<char, std::uint64_t> sent, taken;
};

char user_of(std::string const& body) { return body[36]; }
std::uint64_t value_of(std::string const& body) { return static_cast<std::uint64_t>(body[38]); }

struct explorer {
    test::temp_dir folder;
    std::unique_ptr<session> s;
    short_writer writer;
    diff::diff_rules rules;
    std::int64_t now = 1'790'000'000'000;
    std::map<std::string, int> seen;  // state to the depth that was left
    std::size_t steps = 0;

    explorer() {
        auto file = database::open((folder / "store.db").string());
        BOOST_REQUIRE(file.has_value());
        s = std::make_unique<session>(std::move(*file));
        for (auto const* user : {"ada", "bob"}) s->profiles.add({.user_id = user, .doc_id = user, .seen_at = now});
    }
    SQLite::Database& db() { return s->file().connection(); }
    diff::account load(std::int64_t user) {
        auto a = s->accounts.load(user, user == 1 ? "ada" : "bob", false);
        if (auto const source = s->profiles.source(user)) set_wanted_texts(a, source->data);
        return a;
    }

    void change(std::int64_t user, std::string const& text) {
        auto a = load(user);
        profile::mapped_trait m;
        m.state = profile::mapped_trait::form::value;
        m.text = text;
        m.full = m.trigger = static_cast<std::uint64_t>(text[1]);
        if (!diff::want(a, trait::email, m, rules)) return;
        diff::refresh(a, rules, {.now = now, .pass = 1});
        source_view view;
        for (std::size_t i = 0; i < profile::trait_count; ++i) view.texts[i] = a.slots[i].wanted.text;
        std::string bytes;
        encode_source(bytes, view);
        s->profiles.put_source({.no = user, .seen_at = now}, 1, bytes, true);
        s->accounts.save(a);
    }
    void offer(observer& o, std::size_t limit = 1, outbox::replay_feed* feed = nullptr) {
        for (auto& m : s->outbox.offer(limit, 475'000, writer, {rules}, now, feed).messages) {
            BOOST_REQUIRE(!o.offered.contains(m.row));
            o.offered[m.row] = m.body;
            o.sent[user_of(m.body)] = value_of(m.body);
        }
    }
    void answer(observer& o, char user, bool good) {
        auto const found = std::ranges::find_if(o.offered, [&](auto const& m) { return user_of(m.second) == user; });
        if (found == o.offered.end()) return;
        death const dead{.row = found->first, .reason = diff::dead_reason::refused, .answer = "400"};
        if (good) {
            o.taken[user] = value_of(found->second);
            s->outbox.settle(std::array{found->first}, {}, now);
        } else {
            s->outbox.settle({}, std::array{dead}, now);
        }
        o.offered.erase(found);
    }
    // The process is gone, and with it all that only it knew.
    void crash(observer& o) {
        auto const before = o.offered;
        o.offered.clear();
        for (auto& m : s->outbox.unanswered(0, 100)) o.offered[m.row] = m.body;
        BOOST_REQUIRE(before == o.offered);
    }
    void retry_the_dead() {
        for (auto const row : s->outbox.dead_rows({}, 0, INT64_MAX, 1).rows) s->outbox.retry_dead(row, rules, now);
    }

    std::vector<std::pair<std::string, std::function<void(observer&)>>> events() {
        std::vector<std::pair<std::string, std::function<void(observer&)>>> all;
        for (std::int64_t const user : {1, 2}) {
            for (auto const* text : {"\"A\"", "\"B\""})
                all.emplace_back("change", [=, this](observer&) { change(user, text); });
            auto const first = user == 1 ? 'a' : 'b';
            all.emplace_back("2xx", [=, this](observer& o) { answer(o, first, true); });
            all.emplace_back("400", [=, this](observer& o) { answer(o, first, false); });
            all.emplace_back("replay",
                             [=, this](observer&) { s->outbox.mark(user, 1, profile::trait_set::all(), rules, now); });
        }
        all.emplace_back("offer", [this](observer& o) { offer(o); });
        all.emplace_back("offer with a replay's", [this](observer& o) {
            outbox::replay_feed feed{.replay = 2, .traits = profile::trait_set::all(), .users = {1, 2}};
            offer(o, 2, &feed);
        });
        all.emplace_back("crash", [this](observer& o) { crash(o); });
        all.emplace_back("retry", [this](observer&) { retry_the_dead(); });
        all.emplace_back("hold", [this](observer&) { s->outbox.hold_pass(1, 10); });
        all.emplace_back("trim", [this](observer&) { s->outbox.trim_history(now + 1, 0, 1); });
        all.emplace_back("release", [this](observer&) { s->outbox.release_held(10, rules); });
        return all;
    }

    std::string check(observer const& o) {
        std::string key;
        for (std::int64_t const user : {1, 2}) {
            auto a = load(user);
            int pending = 0, offered = 0;
            for (auto const& m : a.open) {
                pending += m.is_pending();
                offered += m.state == message_state::offered;
                key +=
                    fmt::format("{},{},{},{};", static_cast<int>(m.state), m.wait, m.traits.bits(), m.marked().bits());
                if (m.state != message_state::offered) continue;
                BOOST_REQUIRE(s->accounts.body(m.row) == o.offered.at(m.row));
                for (auto const& other : a.open) BOOST_REQUIRE((!other.is_pending() || m.id < other.id));
            }
            BOOST_REQUIRE(pending <= 1);
            BOOST_REQUIRE(offered <= 1);
            auto const& email = a[trait::email];
            BOOST_REQUIRE_MESSAGE((!email.differs() || pending == 1), "a change got lost");
            auto const letter = user == 1 ? 'a' : 'b';
            auto const told = [&](std::map<char, std::uint64_t> const& values) {
                auto const found = values.find(letter);
                return found == values.end() ? 0 : found->second;
            };
            BOOST_REQUIRE_MESSAGE(email.baseline.full == told(o.sent), "what was offered is not what is known of it");
            BOOST_REQUIRE_MESSAGE(email.acknowledged.full == told(o.taken), "what was accepted is not what is known");
            for (auto const* k : {&email.wanted, &email.baseline, &email.acknowledged})
                key += std::to_string(k->full) + " ";
            // What looks alike may stand in the ledger or in rows.
            key += fmt::format("{}", a.noted.size());
            for (auto const& m : a.open) key += m.offer_noted ? "+" : "-";
            key += "|";
        }
        for (auto const state :
             {message_state::waiting, message_state::offered, message_state::held, message_state::dead}) {
            BOOST_REQUIRE(s->accounts.counts()[state] == s->accounts.count_state(state));
        }
        return key;
    }

    void visit(observer const& o, int left) {
        auto const key = check(o);
        auto& known = seen[key];
        if (known >= left) return;
        known = left;
        for (auto const& [name, take] : events()) {
            auto const point = "s" + std::to_string(left);
            auto const counts = s->accounts.counts();
            db().exec("SAVEPOINT " + point);
            auto next = o;
            ++now;
            ++steps;
            take(next);
            BOOST_TEST_CONTEXT(name << " with " << left << " left") {
                if (left > 1)
                    visit(next, left - 1);
                else
                    check(next);
            }
            db().exec("ROLLBACK TO " + point);
            db().exec("RELEASE " + point);
            s->accounts.restore_counts(counts);
            s->outbox.recount();
        }
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(queue_orders)

BOOST_FIXTURE_TEST_CASE(in_every_order_of_events_for_two_users_the_queue_loses_and_mixes_nothing, explorer) {
// The steps of a path; a sanitizer is too slow for as many. The states found are the same in each run.
#ifdef __SANITIZE_ADDRESS__
    constexpr auto depth = 5;
    constexpr auto least = 150U;
#else
    constexpr auto depth = 7;
    constexpr auto least = 500U;
#endif
    db().exec("BEGIN");
    visit({}, depth);
    db().exec("COMMIT");
    BOOST_TEST(seen.size() > least);
    BOOST_TEST_MESSAGE(seen.size() << " states, " << steps << " steps");
}

BOOST_AUTO_TEST_SUITE_END()
