// The process dies at any instant, profiles keep changing, both services misbehave: nothing is lost, no id changes its
// content, no change is offered under two ids, the order of each user's messages holds. A third of the deaths comes at
// a random moment, the others at an instant chosen by its kind: before, in the middle of or after a write or a commit,
// a request, or an answer. TRAITSYNC_STORM_ROUNDS says how many times it is killed (40).
#include <filesystem>
#include <thread>

#include "storm.hpp"
#include "traitsync/store/database.hpp"

namespace {

using namespace traitsync;
using namespace std::chrono_literals;

int rounds() {
    auto const* text = std::getenv("TRAITSYNC_STORM_ROUNDS");
    return text ? std::max(1, std::atoi(text)) : 40;
}

struct instant {
    char const* kind;
    long most;  // calls of this kind within one life, roughly
};
constexpr std::array instants{instant{"sync:before", 40}, instant{"sync:after", 40},   instant{"write:before", 200},
                              instant{"write:half", 200}, instant{"write:after", 200}, instant{"send:before", 60},
                              instant{"send:half", 60},   instant{"send:after", 60},   instant{"receive:after", 60}};

struct kill_storm : test::storm {
    std::map<std::string, int> deaths;

    // One life: it ends at the chosen instant, or at a random moment where none is chosen or it never came.
    void live_and_die(std::optional<instant> at) {
        std::map<std::string, std::string> more;
        if (at) {
            more["LD_PRELOAD"] = TS_KILL_SHIM;
            // Early calls more often: every life has them.
            auto const most = 1 + random() % static_cast<unsigned long>(at->most);
            auto const number = 1 + random() % most;
            more["TS_KILL_AT"] = std::string{at->kind} + ":" + std::to_string(number);
        }
        auto child = start(more);
        // The moment of death is the test's input, not a wait for something.
        auto const end =
            std::chrono::steady_clock::now() + std::chrono::milliseconds{20 + random() % (at ? 1500 : 900)};
        std::optional<test::exit_state> ended;
        while (!ended && std::chrono::steady_clock::now() < end) {
            change_some();
            ended = child.wait(60ms);
        }
        if (ended) {
            BOOST_REQUIRE_MESSAGE((at && ended->signal == SIGKILL), "it ended by itself: " << child.errors());
            ++deaths[at->kind];
        } else {
            child.kill();
            ++deaths["at a random moment"];
        }
    }
    // On a copy: the next start must find what the death left.
    void check_file() {
        std::filesystem::create_directories(folder / "copy");
        for (auto const* end : {"", "-wal"}) {
            std::filesystem::remove(folder / ("copy/store.db" + std::string{end}));
            auto const file = folder / ("store.db" + std::string{end});
            if (std::filesystem::exists(file))
                std::filesystem::copy_file(file, folder / ("copy/store.db" + std::string{end}));
        }
        if (std::filesystem::file_size(folder / "copy/store.db") == 0) return;
        auto const words = store::database::quick_check((folder / "copy/store.db").string());
        BOOST_REQUIRE_MESSAGE(words.has_value(), words.error().what);
        BOOST_REQUIRE_MESSAGE(words->empty(), *words);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(storms, kill_storm)

BOOST_AUTO_TEST_CASE(killed_at_any_instant_it_loses_nothing_changes_no_id_and_keeps_the_order) {
    auto const total = rounds();
    for (int round = 0; round < total; ++round) {
        misbehave(true, static_cast<std::uint64_t>(round) + 1);
        std::optional<instant> at;
        if (test::can_preload() && round % 3 != 0)
            at = instants[static_cast<std::size_t>(round - round / 3 - 1) % instants.size()];
        live_and_die(at);
        if (round % 10 == 9) check_file();
    }
    misbehave(false, 1);
    auto child = start();
    auto const left = calm_down(child, 90s);
    BOOST_TEST(left.empty(), "every user's state at Segment is the mapped state of Moesif: " << left);
    auto const ended = child.stop();
    BOOST_REQUIRE(ended);
    BOOST_TEST(ended->clean());
    check_what_segment_saw();
    check_that_no_secret_was_printed();

    auto const counts = segment.counts();
    BOOST_TEST_MESSAGE(total << " kills, " << counts.distinct_messages << " messages, " << counts.repeats
                             << " repeats under their own id, " << counts.answers_lost << " answers lost on the way");
    for (auto const& [kind, number] : deaths) BOOST_TEST_MESSAGE("  " << number << " " << kind);
}

BOOST_AUTO_TEST_SUITE_END()
