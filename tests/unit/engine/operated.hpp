#pragma once
// The operator's side of the engine on a real store and loop, without any service.

#include <fmt/core.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "../../../src/engine/context.hpp"
#include "../../../src/engine/replay_feed.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/engine/operations.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::test {

using diff::message_state;
using store::pass_kind;
using store::replay_state;

struct operated {
    test::temp_dir folder;
    boost::asio::io_context loop;
    config::settings settings;
    ops::log log{{.level = ops::log_level::error}};
    traitsync::clock const& time = system_clock();
    std::unique_ptr<store::store_thread> store = std::make_unique<store::store_thread>(
        std::make_unique<store::session>(store::database::open((folder / "store.db").string()).value()));
    std::unique_ptr<engine::context> context;
    std::unique_ptr<engine::operations> operate;

    operated() {
        settings.segment.batch_size = 5;
        context = std::make_unique<engine::context>(loop, settings, *store, log, time, engine::engine_options{});
        operate = std::make_unique<engine::operations>(*context);
    }
    ~operated() { store->finish_jobs(); }

    // The outcome of a coroutine, run on the loop until it has one.
    template <class T>
    T outcome_of(boost::asio::awaitable<T> asked) {
        std::optional<T> got;
        boost::asio::co_spawn(loop, std::move(asked), [&](std::exception_ptr thrown, T answer) {
            if (thrown) std::rethrow_exception(thrown);
            got.emplace(std::move(answer));
        });
        loop.restart();
        while (!got) loop.run_one();
        return std::move(*got);
    }
    // On the store's thread, as everything else.
    template <class Job>
    auto in_store(Job job) {
        auto outcome = outcome_of(context->run(std::move(job)));
        BOOST_REQUIRE(outcome.has_value());
        return std::move(*outcome);
    }

    // So many users who want to be sent, each with one waiting message.
    void want(int count, std::string const& email) {
        in_store([=, this](store::session& s) -> result<bool> {
            store::session::transaction tx{s};
            for (int i = 0; i < count; ++i) {
                auto const name = fmt::format("user{:03}", i);
                auto row = s.profiles.user_by_id(name);
                if (!row) {
                    store::user_row fresh{.user_id = name, .doc_id = name, .seen_at = 1};
                    fresh.no = s.profiles.add(fresh);
                    row = fresh;
                }
                auto a = s.accounts.load(row->no, name, false);
                profile::mapped_trait m;
                m.state = profile::mapped_trait::form::value;
                m.text = "\"" + email + "\"";
                m.full = m.trigger = std::hash<std::string>{}(m.text) | 1U;
                diff::want(a, profile::trait::email, m, context->rules.diff_rules());
                diff::refresh(a, context->rules.diff_rules(), {.now = context->now(), .pass = 1});
                store::source_view view;
                for (std::size_t t = 0; t < profile::trait_count; ++t) view.texts[t] = a.slots[t].wanted.text;
                std::string bytes;
                encode_source(bytes, view);
                s.profiles.put_source(*row, 1, bytes, true);
                s.accounts.save(a);
            }
            tx.commit();
            return true;
        });
    }
    // As delivery does: takes so many and the answer of each, accepted, or refused with it. Whose they were.
    std::vector<std::string> delivered(std::size_t limit, std::size_t bytes = 475'000,
                                       std::optional<std::string> refused = {}) {
        auto const bodies = in_store([=, this](store::session& s) -> result<std::vector<std::string>> {
            store::session::transaction tx{s};
            one_part writer;
            auto const taken =
                engine::take_for_delivery(s, limit, bytes, writer, {context->rules.diff_rules()}, context->now());
            std::vector<std::int64_t> rows;
            std::vector<store::death> dead;
            std::vector<std::string> users;
            for (auto const& m : taken.messages) {
                users.push_back(m.body);
                if (refused) {
                    dead.push_back({m.row, diff::dead_reason::refused, *refused});
                } else {
                    rows.push_back(m.row);
                }
            }
            s.outbox.settle(rows, dead, context->now());
            tx.commit();
            more = taken.more;
            return users;
        });
        context->replay_wake.notify();
        return bodies;
    }
    // How many there were.
    std::size_t deliver(std::size_t limit, std::optional<std::string> refused = {}) {
        return delivered(limit, 475'000, std::move(refused)).size();
    }
    bool more = false;  // of the last delivery: there may be others
    store::replay_row replay(int users) {
        auto const who = std::make_shared<store::user_set>();
        for (int i = 1; i <= users; ++i) who->add(i);
        store::replay_row order;
        order.selector = "{}";
        order.traits = profile::trait_set::all();
        order.profiles = order.messages = users;
        auto started = outcome_of(operate->start_replay(order, who, {}, {}));
        BOOST_REQUIRE(started.has_value());
        return *started;
    }
    store::replay_row row_of(std::int64_t no) {
        return in_store([no](store::session& s) -> result<store::replay_row> { return *s.replays.find(no); });
    }
    std::int64_t count(message_state state) {
        return in_store([state](store::session& s) -> result<std::int64_t> { return s.accounts.counts()[state]; });
    }
    // Until it holds; every question lets the loop and the store's thread go on.
    void eventually(std::function<bool()> const& holds) {
        for (int tries = 0; tries < 5000; ++tries) {
            if (holds()) return;
        }
        BOOST_FAIL("it does not become so");
    }
    template <class T>
    void is_refused(result<T> const& outcome, fault kind) {
        BOOST_REQUIRE(!outcome.has_value());
        BOOST_TEST((outcome.error().kind == kind), outcome.error().what);
    }

    // Each message is its user's id.
    struct one_part final : store::message_writer {
        plan cut(store::draft const& d) override {
            plan p;
            profile::trait_set traits;
            for (auto const& [name, text] : d.traits) traits.add(name);
            p.parts.push_back(traits);
            return p;
        }
        void write(std::string& out, store::draft const& d, profile::trait_set, message_id const&) override {
            out += d.user;
        }
    };
};

}  // namespace traitsync::test
