// Alerts at a real receiver: signed, in order, each change once, over restarts and kills.

#include <algorithm>
#include <mutex>

#include "operator.hpp"
#include "support/scripted_server.hpp"
#include "traitsync/core/sha256.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::scripted_answer;
using test::text_at;

struct alerted : test::operated {
    static constexpr auto alert_secret = "alert-secret-0123456789abcdef";
    static constexpr auto in_address = "hook-key-in-the-address";
    std::mutex lock;
    std::vector<std::chrono::steady_clock::time_point> asked_at;
    test::scripted_server receiver;

    alerted() {
        environment["TRAITSYNC_ALERTS_WEBHOOK_URL"] = receiver.url("/hooks/") + in_address + "?token=" + in_address;
        environment["TRAITSYNC_ALERTS_SECRET"] = alert_secret;
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    }
    ~alerted() {
        if (!service) return;
        auto const written = service->errors() + service->output();
        for (auto const* hidden : {alert_secret, in_address})
            BOOST_TEST(written.find(hidden) == std::string::npos, "a secret was printed");
    }
    boost::json::value body(std::size_t i) const { return boost::json::parse(receiver.requests().at(i).body); }
    // What the receiver was told, repeats under one id once: event and condition.
    std::vector<std::string> told() const {
        std::vector<std::string> out, ids;
        for (auto const& r : receiver.requests()) {
            auto const b = boost::json::parse(r.body);
            auto const id = text_at(b, "id");
            if (std::ranges::find(ids, id) != ids.end()) continue;
            ids.push_back(id);
            auto const event = text_at(b, "event");
            out.push_back(event == "recovered" ? event + " " + text_at(b, "condition") : event);
        }
        return out;
    }
    void eventually_told(std::vector<std::string> const& expected) const {
        eventually("told", [&] { return told().size() >= expected.size(); });
        BOOST_TEST(told() == expected, boost::test_tools::per_element());
    }
    void runs_until_nothing_can_be_written() {
        put_users(3, "x");
        auto with_limit = options({"run"});
        with_limit.max_file_bytes = test::unlimited_bytes;
        start(std::move(with_limit));
        settle();
        service->limit_files(16'384);
        put_users(3, "y");
    }
    // Asks for that long a wait once, then takes all.
    void waits_once(std::chrono::seconds wait) {
        receiver.answer_with([this, wait](test::seen_request const&) -> scripted_answer {
            std::lock_guard const held{lock};
            asked_at.push_back(std::chrono::steady_clock::now());
            if (asked_at.size() > 1) return {};
            return {.status = 503, .headers = {{"Retry-After", std::to_string(wait.count())}}};
        });
    }
    void kept_waiting(std::chrono::milliseconds wait) {
        std::lock_guard const held{lock};
        BOOST_REQUIRE(asked_at.size() >= 2U);
        BOOST_TEST((asked_at[1] - asked_at[0] >= wait));
    }
    bool nothing_pends() const {
        SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READONLY, 5000};
        SQLite::Statement find{db, "SELECT value FROM meta WHERE key = 'alerts'"};
        return find.executeStep() && find.getColumn(0).getString().find("\"pending\":[]") != std::string::npos;
    }
    void settled_and_told(std::vector<std::string> const& expected) const {
        eventually_told(expected);
        eventually("taken", [&] { return nothing_pends(); });
        BOOST_TEST(told() == expected, boost::test_tools::per_element());
    }
};

using list = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alerts, alerted)

BOOST_AUTO_TEST_CASE(a_block_and_its_end_are_told_once_with_a_signature_that_can_be_checked) {
    put_users(2, "x");
    demo::segment_faults locked;
    locked.unauthorized = 1;
    segment.set_faults(locked);
    start();
    settled_and_told({"blocked"});
    auto const request = receiver.requests().at(0);
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.target == std::string{"/hooks/"} + in_address + "?token=" + in_address);
    BOOST_TEST(request.header("Content-Type") == "application/json");
    auto const stamp = request.header("Traitsync-Timestamp");
    BOOST_TEST(request.header("Traitsync-Signature") ==
               "sha256=" + hex_of(hmac_sha256(alert_secret, stamp + "." + request.body)));
    BOOST_TEST(request.header("Idempotency-Key") == text_at(body(0), "id"));
    BOOST_TEST(std::abs(std::stoll(stamp) - to_millis(system_clock().wall()) / 1000) < 60);
    BOOST_TEST(text_at(body(0), "state") == "blocked");
    BOOST_TEST(text_at(body(0).at("reasons").at(0), "code") == "segment_blocked");
    // Blocked still, after a restart and after a kill: no news.
    restart();
    eventually("blocked again", [&] { return text_at(get("/v1/status"), "state") == "blocked"; });
    service->kill();
    start();
    eventually("blocked again", [&] { return text_at(get("/v1/status"), "state") == "blocked"; });
    segment.set_faults({});
    restart();
    settled_and_told({"blocked", "recovered blocked"});
    BOOST_TEST(text_at(body(1), "state") == "running");
}

BOOST_AUTO_TEST_CASE(dead_letters_held_messages_and_retries_are_told_each_with_its_end) {
    environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "3";
    put_users(12, "x");
    segment.set_refuse([](std::string_view user, std::string_view) { return user == "user00001"; });
    start();
    settled_and_told({"dead_letters"});
    segment.set_refuse({});
    post("/v1/dead-letters/discard", R"({"all":true})", 200);
    settled_and_told({"dead_letters", "recovered dead_letters"});
    put_users(12, "y");
    settled_and_told({"dead_letters", "recovered dead_letters", "held"});
    post("/v1/brake/release", "", 200);
    settled_and_told({"dead_letters", "recovered dead_letters", "held", "recovered held"});
    demo::segment_faults away;
    away.unavailable = 1;
    segment.set_faults(away);
    put(3, R"(,"email":"new@example.com")");
    settled_and_told({"dead_letters", "recovered dead_letters", "held", "recovered held", "degraded"});
    segment.set_faults({});
    eventually_told(
        {"dead_letters", "recovered dead_letters", "held", "recovered held", "degraded", "recovered degraded"});
}

BOOST_AUTO_TEST_CASE(passes_that_fail_are_told_once_over_a_restart_and_so_is_their_end) {
    test::scripted_server source;
    source.always({.status = 418});
    environment["TRAITSYNC_MOESIF_URL"] = source.url("/v1");
    start();
    settled_and_told({"degraded"});
    BOOST_TEST(text_at(body(0).at("reasons").at(0), "code") == "pass_failed");
    restart();
    eventually("failed again", [&] { return number("SELECT count(*) FROM passes WHERE error <> ''") >= 4; });
    settled_and_told({"degraded"});
    source.always({.body = R"({"took":1,"timed_out":false,"hits":{"total":0,"hits":[]}})",
                   .headers = {{"Content-Type", "application/json"}}});
    settled_and_told({"degraded", "recovered degraded"});
}

BOOST_AUTO_TEST_CASE(a_receiver_with_faults_gets_every_change_in_order_under_one_id_and_the_same_bytes) {
    receiver.answer({.status = 500});
    receiver.answer(scripted_answer::dropped());
    receiver.answer({.status = 302, .headers = {{"Location", "http://127.0.0.1:1/elsewhere"}}});
    receiver.answer({.status = 404});
    put_users(1, "x");
    segment.set_refuse([](std::string_view, std::string_view) { return true; });
    start();
    eventually(
        "five attempts", [&] { return receiver.requests().size() >= 5; }, 60s);
    settled_and_told({"dead_letters"});
    auto const seen = receiver.requests();
    for (auto const& r : seen) {
        BOOST_TEST(r.body == seen.front().body);
        BOOST_TEST(r.header("Idempotency-Key") == seen.front().header("Idempotency-Key"));
    }
    auto const log = service->errors();
    auto const first = log.find("\"event\":\"alert_failed\"");
    BOOST_TEST(first != std::string::npos);
    BOOST_TEST(log.find("\"event\":\"alert_failed\"", first + 1) == std::string::npos, "one line an outage");
}

BOOST_AUTO_TEST_CASE(killed_between_the_receivers_yes_and_its_note_the_alert_goes_again_under_its_id) {
    receiver.always(scripted_answer::silence());
    put_users(1, "x");
    segment.set_refuse([](std::string_view, std::string_view) { return true; });
    start();
    // It has arrived whole; the answer never comes.
    BOOST_REQUIRE(receiver.wait_for_requests(1, 20s));
    service->kill();
    receiver.always({});
    start();
    settled_and_told({"dead_letters"});
    auto const seen = receiver.requests();
    BOOST_REQUIRE(seen.size() == 2U);
    BOOST_TEST(seen[0].body == seen[1].body);
    // What happened while nobody listened, and while the process was gone, comes too, once.
    post("/v1/dead-letters/discard", R"({"all":true})", 200);
    service->kill();
    start();
    settled_and_told({"dead_letters", "recovered dead_letters"});
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_written_is_told_all_the_same) {
    runs_until_nothing_can_be_written();
    eventually_told({"degraded"});
    BOOST_TEST(receiver.requests().at(0).body.find("store_fault") != std::string::npos);
    service->limit_files({});
    settled_and_told({"degraded", "recovered degraded"});
}

BOOST_AUTO_TEST_CASE(a_wait_that_the_receiver_asked_for_is_kept_though_more_is_to_be_told) {
    waits_once(3s);
    put_users(1, "x");
    segment.set_refuse([](std::string_view, std::string_view) { return true; });
    start();
    BOOST_REQUIRE(receiver.wait_for_requests(1, 20s));
    post("/v1/dead-letters/discard", R"({"all":true})", 200);
    settled_and_told({"dead_letters", "recovered dead_letters"});
    kept_waiting(2990ms);
}

BOOST_AUTO_TEST_CASE(a_wait_that_the_receiver_asked_for_is_kept_while_the_store_cannot_be_written) {
    waits_once(3s);
    runs_until_nothing_can_be_written();
    eventually("asked again", [&] { return receiver.requests().size() >= 2; });
    kept_waiting(2990ms);
    service->limit_files({});
    settled_and_told({"degraded", "recovered degraded"});
}

BOOST_AUTO_TEST_CASE(run_once_tells_what_it_leaves_behind_and_the_next_run_does_not_repeat_it) {
    environment.erase("TRAITSYNC_ALERTS_SECRET");
    put_users(1, "x");
    segment.set_refuse([](std::string_view, std::string_view) { return true; });
    BOOST_TEST(once().state.code == 1);
    BOOST_TEST(told() == list{"dead_letters"}, boost::test_tools::per_element());
    std::ifstream file{folder / "alerts.secret"};
    std::string made;
    std::getline(file, made);
    BOOST_TEST(made.size() == 64U);
    auto const request = receiver.requests().at(0);
    BOOST_TEST(request.header("Traitsync-Signature") ==
               "sha256=" + hex_of(hmac_sha256(made, request.header("Traitsync-Timestamp") + "." + request.body)));
    BOOST_TEST(once().state.code == 0);
    BOOST_TEST(receiver.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(neither_address_nor_secret_is_shown) {
    put_users(1, "x");
    start();
    settle();
    auto const shown = api->get("/v1/config").body;
    BOOST_TEST(shown.find("alerts.webhook_url") != std::string::npos);
    auto const checked = test::run(options({"check"}));
    BOOST_TEST(checked.state.code == 0, checked.errors);
    environment["TRAITSYNC_ALERTS_WEBHOOK_URL"] = std::string{"http://elsewhere.example/"} + in_address;
    auto const refused = test::run(options({"check"}));
    BOOST_TEST(refused.state.code == 2);
    BOOST_TEST(refused.errors.find("alerts.webhook_url is plain http to another machine") != std::string::npos,
               refused.errors);
    for (auto const* hidden : {alert_secret, in_address}) {
        for (auto const& text : {shown, checked.output, checked.errors, refused.output, refused.errors}) {
            BOOST_TEST(text.find(hidden) == std::string::npos, text);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
