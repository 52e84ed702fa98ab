// The process dies at any instant, profiles keep changing, both services misbehave: nothing is lost, no id changes its
// content, no change is offered under two ids, the order of each user's messages holds. A third of the deaths comes at
// a random moment, the others at an instant chosen by its kind: before, in the middle of or after a write or a commit,
// a request, or an answer. TRAITSYNC_STORM_ROUNDS says how many times it is killed (40).
#include <algorithm>
#include <filesystem>
#include <functional>
#include <thread>

#include "storm.hpp"
#include "support/api_client.hpp"
#include "support/scripted_server.hpp"
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
    std::map<std::string, std::string> settings;
    std::function<void()> meanwhile = [] {};  // in each life, again and again
    std::chrono::milliseconds longer{0};      // that each life lasts

    // One life: it ends at the chosen instant, or at a random moment where none is chosen or it never came.
    void live_and_die(std::optional<instant> at) {
        auto more = settings;
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
            std::chrono::steady_clock::now() + std::chrono::milliseconds{20 + random() % (at ? 1500 : 900)} + longer;
        std::optional<test::exit_state> ended;
        while (!ended && std::chrono::steady_clock::now() < end) {
            change_some();
            meanwhile();
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
    // At least so often, and on until that was enough: in lives that get longer, because a slow machine may take longer
    // to start than any of them lasted.
    int live_and_die_often(
        int total, std::function<bool()> const& enough = [] { return true; }) {
        int round = 0;
        for (; round < total || (round < total + 40 && !enough()); ++round) {
            misbehave(true, static_cast<std::uint64_t>(round) + 1);
            std::optional<instant> at;
            if (round >= total) longer += 500ms;
            if (test::can_preload() && round % 3 != 0 && round < total)
                at = instants[static_cast<std::size_t>(round - round / 3 - 1) % instants.size()];
            live_and_die(at);
            if (round % 10 == 9) check_file();
        }
        misbehave(false, 1);
        return round;
    }
    void tell(int total) {
        auto const counts = segment.counts();
        BOOST_TEST_MESSAGE(total << " kills, " << counts.distinct_messages << " messages, " << counts.repeats
                                 << " repeats under their own id, " << counts.answers_lost
                                 << " answers lost on the way");
        for (auto const& [kind, number] : deaths) BOOST_TEST_MESSAGE("  " << number << " " << kind);
    }
    // On a copy: the next start must find what the death left.
    void check_file() {
        if (!std::filesystem::exists(folder / "store.db")) return;  // no life lasted so long
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
    auto const total = live_and_die_often(rounds());
    auto child = start();
    auto const left = calm_down(child, 90s);
    BOOST_TEST(left.empty(), "every user's state at Segment is the mapped state of Moesif: " << left);
    auto const ended = child.stop();
    BOOST_REQUIRE(ended);
    BOOST_TEST(ended->clean());
    check_what_segment_saw();
    check_that_no_secret_was_printed();
    tell(total);
}

// A fourth as often. An operator asks for a replay in each life; most of them are cut short by the death.
BOOST_AUTO_TEST_CASE(each_replay_that_was_accepted_outlives_the_deaths_and_all_else_holds) {
    auto const port = test::free_port();
    settings["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(port);
    test::api_client const api{port, std::string{test::admin_token}};
    constexpr std::array choices{R"({"all":true})", R"({"all":true,"traits":["name","company"]})"};
    std::vector<std::string> accepted;
    meanwhile = [&] {
        if (!accepted.empty() && random() % 8 != 0) return;
        try {
            auto const made = api.post("/v1/replays", choices[random() % choices.size()]);
            BOOST_TEST((made.status == 202 || made.status == 429 || made.status == 503), made.body);
            if (made.status == 202) accepted.emplace_back(made.json().at("id").as_string());
        } catch (boost::system::system_error const&) {
            // It does not listen yet, or died of the answer.
        }
    };
    auto const total = live_and_die_often(std::max(3, rounds() / 4), [&] { return !accepted.empty(); });
    BOOST_REQUIRE(!accepted.empty());
    auto child = start(settings);
    auto const left = calm_down(child, 90s);
    BOOST_TEST(left.empty(), "every user's state at Segment is the mapped state of Moesif: " << left);
    auto const running = [&] {
        auto const all = api.get("/v1/replays?limit=500").json();
        return std::ranges::count_if(all.at("items").as_array(), [](auto const& r) { return r.at("state") != "done"; });
    };
    for (auto const end = std::chrono::steady_clock::now() + 90s; running() > 0;) {
        BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < end, "replays come to their end");
        child.wait(100ms);
    }
    for (auto const& id : accepted) BOOST_TEST(api.get("/v1/replays/" + id).json().at("state") == "done");
    auto const ended = child.stop();
    BOOST_REQUIRE(ended);
    BOOST_TEST(ended->clean());
    check_what_segment_saw(true);
    check_that_no_secret_was_printed();
    tell(total);
    BOOST_TEST_MESSAGE("  " << accepted.size() << " replays");
}

BOOST_AUTO_TEST_SUITE_END()
