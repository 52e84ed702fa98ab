// What an operator asks for and what a replay puts into the queue, on a real store and loop, without any service.
#include "traitsync/engine/operations.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "../../../src/engine/context.hpp"
#include "../../../src/engine/replay_loop.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
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
                s.profiles.put_source(row->no, 1, bytes);
                s.accounts.save(a);
            }
            tx.commit();
            return true;
        });
    }
    // Offers so many and takes the answer of each: accepted, or refused with it. How many there were.
    std::size_t deliver(std::size_t limit, std::optional<std::string> refused = {}) {
        auto const count = in_store([=, this](store::session& s) -> result<std::size_t> {
            store::session::transaction tx{s};
            one_part writer;
            auto const taken =
                s.outbox.offer(limit, 475'000, writer, context->rules.diff_rules(), false, context->now());
            std::vector<std::int64_t> rows;
            std::vector<store::death> dead;
            for (auto const& m : taken.messages) {
                if (refused) {
                    dead.push_back({m.row, diff::dead_reason::refused, *refused});
                } else {
                    rows.push_back(m.row);
                }
            }
            s.outbox.settle(rows, dead, context->now());
            tx.commit();
            return taken.messages.size();
        });
        context->replay_wake.notify();
        return count;
    }
    store::replay_row replay(int users) {
        auto const who = std::make_shared<store::user_set>();
        for (int i = 1; i <= users; ++i) who->add(i);
        store::replay_row order;
        order.selector = "{}";
        order.traits = profile::trait_set::all();
        order.profiles = order.messages = users;
        auto started = outcome_of(operate->start_replay(order, who, {}));
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

private:
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

struct replayed : operated {
    engine::replay_loop feeding{*context};
    bool ended = false;

    replayed() {
        want(30, "a");
        BOOST_REQUIRE(deliver(100) == 30U);
        boost::asio::co_spawn(loop, feeding.run(), [this](std::exception_ptr thrown) {
            ended = true;
            if (thrown) std::rethrow_exception(thrown);
        });
    }
    ~replayed() {
        context->stopping = true;
        context->replay_wake.notify();
        loop.restart();
        while (!ended) loop.run_one();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_an_operator_asks_for, operated)

BOOST_AUTO_TEST_CASE(a_pause_is_of_what_was_named_and_is_stored_with_the_answer) {
    BOOST_REQUIRE(outcome_of(operate->pause({.pull = true}, true)).has_value());
    BOOST_TEST(context->pull_paused());
    BOOST_TEST(!context->deliver_paused());
    auto const stored = [&](char const* key) {
        return in_store([key](store::session& s) -> result<bool> { return s.meta.integer(key).has_value(); });
    };
    BOOST_TEST(stored("pull_paused"));
    BOOST_TEST(!stored("deliver_paused"));
    is_refused(outcome_of(operate->pull(pass_kind::full)), fault::conflict);
    BOOST_REQUIRE(outcome_of(operate->pause({.pull = true, .deliver = true}, false)).has_value());
    BOOST_TEST(!stored("pull_paused"));
    BOOST_TEST(!context->pull_paused());
}

BOOST_AUTO_TEST_CASE(a_pause_tells_since_when_also_when_it_is_asked_for_again) {
    BOOST_REQUIRE(outcome_of(operate->pause({.deliver = true}, true)).has_value());
    auto const since = context->state.push.paused->since;
    auto const before = context->now();
    eventually([&] {
        BOOST_REQUIRE(outcome_of(operate->pause({.pull = true, .deliver = true}, true)).has_value());
        return context->now() > before + 2;
    });
    BOOST_TEST((context->state.push.paused->since == since));
    BOOST_TEST(in_store([](store::session& s) -> result<std::int64_t> {
                   return s.meta.integer("deliver_paused").value_or(0);
               }) == to_millis(since));
}

BOOST_AUTO_TEST_CASE(one_pass_waits_at_most_and_a_full_one_takes_its_place) {
    auto const first = outcome_of(operate->pull(pass_kind::incremental)).value();
    auto const again = outcome_of(operate->pull(pass_kind::incremental)).value();
    BOOST_TEST(again.no == first.no);
    auto const full = outcome_of(operate->pull(pass_kind::full)).value();
    BOOST_TEST((full.kind == pass_kind::full));
    auto const lesser = outcome_of(operate->pull(pass_kind::incremental)).value();
    BOOST_TEST((lesser.kind == pass_kind::full));
    BOOST_TEST(lesser.no == full.no);
    BOOST_TEST(in_store([](store::session& s) -> result<std::size_t> { return s.passes.latest(10).size(); }) == 1U);
}

BOOST_AUTO_TEST_CASE(dead_letters_are_settled_by_id_by_reason_or_all_in_steps_and_each_once) {
    constexpr int many = 450;  // more than two steps
    want(many, "a");
    BOOST_REQUIRE(deliver(1000, "no") == static_cast<std::size_t>(many));
    BOOST_TEST(count(message_state::dead) == many);
    message_id const nobody = *message_id::parse("00000000-0000-7000-8000-000000000000");
    BOOST_TEST(outcome_of(operate->discard_dead({.ids = {nobody}})).value() == 0);
    is_refused(outcome_of(operate->discard_dead({})), fault::invalid);
    BOOST_TEST(outcome_of(operate->retry_dead({.reason = diff::dead_reason::too_large})).value() == 0);
    BOOST_TEST(outcome_of(operate->retry_dead({.reason = diff::dead_reason::refused})).value() == many);
    BOOST_TEST(count(message_state::dead) == 0);
    BOOST_TEST(count(message_state::waiting) == many, "equal values are sent again");
    BOOST_TEST(context->state.numbers.waiting == many, "whoever asks for the status next is told");
    BOOST_TEST(outcome_of(operate->retry_dead({.all = true})).value() == 0);
    BOOST_REQUIRE(deliver(1000, "no") == static_cast<std::size_t>(many));
    BOOST_TEST(outcome_of(operate->discard_dead({.all = true})).value() == many);
    BOOST_TEST(count(message_state::waiting) == 0);
    BOOST_TEST(context->state.numbers.waiting == 0);
    BOOST_TEST(!context->state.dead_letters, "a reason that is gone is not told any more");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_over_is_told_apart) {
    is_refused(outcome_of(operate->cancel_replay(7)), fault::invalid);
    auto const empty = replay(0);
    BOOST_TEST((empty.state == replay_state::done), "nobody to send to");
    is_refused(outcome_of(operate->cancel_replay(empty.no)), fault::conflict);
    is_refused(outcome_of(operate->settle_destination(engine::destination_choice::keep)), fault::conflict);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_replay_feeds_the_queue, replayed)

BOOST_AUTO_TEST_CASE(two_batches_ahead_of_what_is_acknowledged_until_each_was_sent_once) {
    auto const started = replay(30);
    constexpr std::int64_t ahead = 10;  // two batches of five
    std::int64_t sent = 0;
    while (sent < 30) {
        auto const expected = std::min<std::int64_t>(ahead, 30 - sent);
        eventually([&] { return count(message_state::waiting) == expected; });
        sent += static_cast<std::int64_t>(deliver(5));
    }
    eventually([&] { return row_of(started.no).state == replay_state::done; });
    BOOST_TEST(row_of(started.no).done == 30);
    BOOST_TEST(sent == 30);
    BOOST_TEST(deliver(100) == 0U, "nobody twice");
}

BOOST_AUTO_TEST_CASE(an_ordinary_change_waits_for_no_more_than_those) {
    auto const started = replay(30);
    eventually([&] { return count(message_state::waiting) == 10; });
    want(1, "b");  // of the first user, whose message waits: it follows the change
    want(30, "c");
    BOOST_TEST(count(message_state::waiting) == 30);
    BOOST_TEST(deliver(100) == 30U, "a change and what a replay asks of the user are one message");
    std::size_t more = 0;
    eventually([&] {
        more += deliver(100);
        return row_of(started.no).state == replay_state::done;
    });
    BOOST_TEST(more == 20U, "whom the replay had not reached is sent again, the others are done");
    BOOST_TEST(row_of(started.no).done == 30);
}

BOOST_AUTO_TEST_CASE(a_cancelled_one_takes_back_what_waits_and_no_ordinary_change) {
    auto const started = replay(30);
    eventually([&] { return count(message_state::waiting) == 10; });
    want(2, "b");
    BOOST_TEST((outcome_of(operate->cancel_replay(started.no)).value().state == replay_state::cancelled));
    eventually([&] { return count(message_state::waiting) == 2; });
    BOOST_TEST(deliver(100) == 2U);
    BOOST_TEST(count(message_state::waiting) == 0);
}

BOOST_AUTO_TEST_CASE(those_who_asked_first_are_served_first) {
    auto const first = replay(30);
    auto const second = replay(10);
    eventually([&] { return count(message_state::waiting) == 10; });
    std::size_t sent = 0;
    eventually([&] {
        sent += deliver(5);
        return row_of(first.no).state == replay_state::done;
    });
    eventually([&] {
        sent += deliver(5);
        return row_of(second.no).state == replay_state::done;
    });
    BOOST_TEST(sent == 40U);
}

BOOST_AUTO_TEST_SUITE_END()
