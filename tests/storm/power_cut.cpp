// The power goes at every write of a run of the real store, queue and reading code: what was promised is there, what
// goes on ends well. And the same code on a disk that fails or is full at every call. TRAITSYNC_POWER_STEP: only every
// so many writes (1).
#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <cstdlib>

#include "town.hpp"

namespace {

using namespace traitsync;
using test::fragile_disk;
using test::power_cut;
using test::town;

std::size_t every() {
    auto const* const text = std::getenv("TRAITSYNC_POWER_STEP");
    return text != nullptr ? static_cast<std::size_t>(std::max(1, std::atoi(text))) : 1;
}

void must(result<void> const& r) { BOOST_REQUIRE_MESSAGE(r.has_value(), r.error().what); }

void people(town& t, std::string const& plan) {
    for (int i = 0; i < 2; ++i) t.put_company(i, plan + std::to_string(i));
    for (int i = 0; i < 12; ++i)
        t.put(i, i == 7 ? std::string{test::seen_messages::refused} : plan + std::to_string(i));
}

// What was settled, and when that was promised: events of the disk so far.
struct promises {
    std::map<std::string, std::size_t> settled;  // message id
};

// First sync, changes, an answer that is never committed, checkpoints, a clean and an unclean end.
result<void> live(town& t, promises& p) {
    auto const settle = [&]() -> result<void> {
        TRY(t.settle());
        for (auto const& m : t.segment.arrivals) p.settled.emplace(m.id, t.now_at());
        return {};
    };
    people(t, "a");
    TRY(t.open());
    TRY(t.pull());
    for (int i = 0; i < 2; ++i) {
        TRY(t.send(4));
        TRY(settle());
    }
    TRY(t.checkpoint());
    TRY(t.send(2));
    t.vanish();  // sent, and the answer lost with the process
    TRY(t.open());
    people(t, "b");
    TRY(t.pull());
    for (bool more = true; more;) {
        TRY_ASSIGN(more, t.send(5));
        if (more) TRY(settle());
    }
    t.close();
    TRY(t.open());
    people(t, "c");
    t.users.erase("user-11");
    TRY(t.pull());
    TRY(t.send(6));
    TRY(t.checkpoint());
    TRY(settle());
    TRY(t.send(3));
    return {};
}

std::int64_t number(town& t, std::string const& sql) {
    return t.session().file().connection().execAndGet(sql).getInt64();
}

// What was promised before the cut stands in what is left after it.
void check_promises(town& t, std::vector<test::seen_messages::arrival> const& sent, promises const& p,
                    std::size_t cut) {
    auto& s = t.session();
    BOOST_REQUIRE(s.file().connection().execAndGet("PRAGMA integrity_check").getString() == "ok");
    std::map<std::string, std::int64_t> states;
    for (auto const& m : sent) {
        if (m.at > cut) break;
        auto const row = s.accounts.row_of_message(*message_id::parse(m.id));
        BOOST_REQUIRE_MESSAGE(row.has_value(), "an offered message is lost");
        auto const body = s.accounts.body(*row);
        BOOST_REQUIRE_MESSAGE((body && *body == m.body), "the bytes of an offered message are others");
        auto const state = number(t, "SELECT state FROM messages WHERE no = " + std::to_string(*row));
        auto const at = p.settled.find(m.id);
        if (at != p.settled.end() && at->second <= cut) {
            BOOST_REQUIRE_MESSAGE(state != 0 && state != 1, "an acknowledgement is lost");
        } else {
            BOOST_REQUIRE_MESSAGE(state != 0, "what was offered is waiting again");
        }
    }
    BOOST_REQUIRE(
        number(t,
               "SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM messages WHERE state = 1 GROUP BY user_no)") <=
        1);
    BOOST_REQUIRE(number(t,
                         "SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM messages WHERE state IN (0, 4) GROUP "
                         "BY user_no)") <= 1);
    BOOST_REQUIRE(
        number(
            t,
            "SELECT count(*) FROM messages m LEFT JOIN bodies b ON b.no = m.no WHERE m.state = 1 AND b.body IS NULL") ==
        0);
    for (auto const state : {diff::message_state::waiting, diff::message_state::offered, diff::message_state::dead}) {
        BOOST_REQUIRE(s.accounts.counts()[state] == s.accounts.count_state(state));
    }
}

// Everything arrives, each message under its one id, in order.
void check_end(town& t) {
    BOOST_REQUIRE_MESSAGE(t.difference().empty(), t.difference());
    for (auto const& words : t.segment.wrong) BOOST_ERROR(words);
    BOOST_REQUIRE(t.segment.wrong.empty());
}

struct on_a_fragile_disk {
    test::temp_dir folder;  // of the lock file
    std::string path = (folder / "store.db").string();
    fragile_disk disk;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(power_and_disk, on_a_fragile_disk)

BOOST_AUTO_TEST_CASE(a_power_cut_at_any_write_loses_nothing_that_was_promised_and_changes_no_id) {
    promises promised;
    std::vector<test::disk_event> events;
    std::vector<test::seen_messages::arrival> sent;
    std::int64_t end_of_run = 0;
    {
        town t{path};
        t.now_at = [this] { return disk.events().size(); };
        must(live(t, promised));
        events = disk.events();
        sent = t.segment.arrivals;
        end_of_run = t.now;
    }
    BOOST_REQUIRE(events.size() > 100U);
    BOOST_REQUIRE(promised.settled.size() > 20U);
    disk.record(false);
    std::mt19937_64 random{7};
    power_cut cut;
    std::size_t images = 0;
    auto const step = every();
    for (std::size_t n = 0; n <= events.size(); ++n) {
        if (n > 0) cut.take(events[n - 1]);
        if (n % step != 0) continue;
        for (auto const rest : {power_cut::rest::nothing, power_cut::rest::everything, power_cut::rest::some}) {
            disk.insert(cut.image(rest, random));
            town t{path};
            t.now = end_of_run;
            // Segment keeps what it saw until then.
            for (auto const& m : sent) {
                if (m.at <= n) t.segment.take(m.body, 0);
            }
            BOOST_TEST_CONTEXT("after " << n << " of " << events.size() << " events, variant "
                                        << static_cast<int>(rest)) {
                must(t.open());
                check_promises(t, sent, promised, n);
                people(t, "d");
                must(t.deliver());
                // The pass that was cut off may have the companies behind it already: the next one reads the new ones.
                must(t.pull());
                must(t.pull());
                must(t.deliver());
                check_end(t);
            }
            ++images;
        }
    }
    BOOST_TEST_MESSAGE(events.size() << " writes and syncs, " << images << " power cuts, " << promised.settled.size()
                                     << " messages promised");
}

// One call fails, or all from there on until the disk is well again; then the same job is done once more.
void fails_at_every_call(fragile_disk& disk, std::string const& path, int code, bool writes_only, std::int64_t calls) {
    disk.record(false);
    std::int64_t number = 0;
    int failures = 0;
    for (bool reached = true; reached; number += 1 + number / 40) {
        disk.insert({});
        town t{path};
        people(t, "a");
        must(t.open());
        disk.fail(number + 1, calls, code, writes_only);
        int faults = 0;
        auto const insist = [&](auto&& work) {
            for (;;) {
                auto const done = work();
                if (done.has_value()) return;
                BOOST_REQUIRE_MESSAGE(done.error().kind == fault::storage, done.error().what);
                BOOST_REQUIRE(++faults < 100);
                // A full disk and a failing one get well while the service waits.
                disk.heal();
            }
        };
        BOOST_TEST_CONTEXT("the call " << number + 1 << " fails with " << code) {
            insist([&] { return t.pull(); });
            insist([&] { return t.deliver(); });
            people(t, "b");
            insist([&] { return t.checkpoint(); });
            insist([&] { return t.pull(); });
            insist([&] { return t.deliver(); });
            reached = disk.has_failed();
            disk.heal();
            insist([&] { return t.pull(); });
            insist([&] { return t.deliver(); });
            check_end(t);
            BOOST_REQUIRE(t.session().file().connection().execAndGet("PRAGMA integrity_check").getString() == "ok");
            for (auto const state :
                 {diff::message_state::waiting, diff::message_state::offered, diff::message_state::dead}) {
                BOOST_REQUIRE(t.session().accounts.counts()[state] == t.session().accounts.count_state(state));
            }
        }
        failures += faults;
    }
    BOOST_TEST(failures > 10);
    BOOST_TEST_MESSAGE(number << " calls, " << failures << " jobs failed and were done again");
}

BOOST_AUTO_TEST_CASE(an_input_or_output_error_at_any_call_fails_one_job_and_nothing_else) {
    fails_at_every_call(disk, path, SQLITE_IOERR_WRITE, true, 1);
}

BOOST_AUTO_TEST_CASE(a_read_error_at_any_call_fails_one_job_and_nothing_else) {
    fails_at_every_call(disk, path, SQLITE_IOERR_READ, false, 1);
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_full_from_any_write_on_fails_jobs_until_there_is_space) {
    fails_at_every_call(disk, path, SQLITE_FULL, true, -1);
}

BOOST_AUTO_TEST_SUITE_END()
