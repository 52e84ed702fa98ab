// What each status of the two services leads to, seen from outside: retried, blocked, split, or dead.

#include <boost/json/serialize.hpp>

#include <mutex>
#include <set>

#include "operator.hpp"
#include "support/scripted_server.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::number_at;
using test::operated;
using test::scripted_answer;
using test::text_at;

// A Segment that decides by the users of a batch.
struct judged : operated {
    test::scripted_server sink;
    std::mutex lock;
    std::map<std::string, std::vector<std::string>> seen;  // user to the bytes of each attempt

    judged() { environment["TRAITSYNC_SEGMENT_URL"] = sink.url(); }
    ~judged() { sink.answer_with({}); }

    // The messages of a batch, by user.
    static std::map<std::string, std::string> messages_in(std::string const& body) {
        std::map<std::string, std::string> found;
        auto const batch = boost::json::parse(body);
        for (auto const& m : batch.at("batch").as_array()) found[text_at(m, "userId")] = boost::json::serialize(m);
        return found;
    }
    // One that answers `status` to the first batch of a user with it, 200 to all else.
    void fails_once(std::map<std::string, int> statuses) {
        sink.answer_with([this, statuses](test::seen_request const& asked) -> scripted_answer {
            std::lock_guard const held{lock};
            int status = 200;
            for (auto const& [user, bytes] : messages_in(asked.body)) {
                seen[user].push_back(bytes);
                if (statuses.contains(user) && seen[user].size() == 1) status = statuses.at(user);
            }
            if (status == 429) return {.status = status, .headers = {{"Retry-After", "1"}}};
            return {.status = status};
        });
    }
    // One that refuses every batch that holds one of the users, with words unless the status is this one.
    static constexpr int silent = 451;
    void refuses(std::map<std::string, int> statuses) {
        sink.answer_with([statuses](test::seen_request const& asked) -> scripted_answer {
            for (auto const& [user, bytes] : messages_in(asked.body)) {
                if (!statuses.contains(user)) continue;
                auto const status = statuses.at(user);
                return {.status = status, .body = status == silent ? "" : "no: " + user};
            }
            return {};
        });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(statuses_of_segment, judged)

BOOST_AUTO_TEST_CASE(what_passes_is_retried_with_the_same_bytes_until_it_is_accepted) {
    // One message a batch, so that each status has its own.
    environment["TRAITSYNC_SEGMENT_BATCH_SIZE"] = "1";
    environment["TRAITSYNC_SEGMENT_CONCURRENCY"] = "16";
    std::vector<int> const passing{408, 410, 429, 460, 500, 502, 503, 504, 599};
    std::map<std::string, int> statuses;
    for (std::size_t i = 0; i < passing.size(); ++i) statuses[user_key(static_cast<int>(i))] = passing[i];
    fails_once(statuses);
    put_users(static_cast<int>(passing.size()) + 3, "x");
    start();
    settle();
    BOOST_TEST(queue("dead") == 0);
    auto const retries = number_at(get("/v1/status").at("segment"), "retries_total");
    BOOST_TEST(retries == static_cast<std::int64_t>(passing.size()));
    std::lock_guard const held{lock};
    BOOST_TEST(seen.size() == passing.size() + 3);
    for (auto const& [user, attempts] : seen) {
        auto const expected = statuses.contains(user) ? 2U : 1U;
        BOOST_TEST(attempts.size() == expected, user << " was offered " << attempts.size() << " times");
        BOOST_TEST(attempts.front() == attempts.back());
    }
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_halved_until_it_alone_is_dead_with_the_answer) {
    std::vector<int> const refusing{400, 409, 413, 418, 422, 451};
    std::map<std::string, int> statuses;
    for (std::size_t i = 0; i < refusing.size(); ++i) statuses[user_key(static_cast<int>(i * 4))] = refusing[i];
    refuses(statuses);
    put_users(30, "x");
    start();
    settle();
    eventually("dead letters", [&] { return queue("dead") == static_cast<std::int64_t>(refusing.size()); });
    auto const letters = get("/v1/dead-letters");
    BOOST_REQUIRE(letters.at("items").as_array().size() == refusing.size());
    for (auto const& letter : letters.at("items").as_array()) {
        auto const user = text_at(letter, "user_id");
        BOOST_REQUIRE(statuses.contains(user));
        BOOST_TEST(text_at(letter, "reason") == "refused");
        auto const answer = text_at(letter, "answer");
        auto const status = statuses.at(user);
        BOOST_TEST(answer == std::to_string(status) + (status == silent ? "" : " no: " + user));
        auto const e = explain(std::stoi(user.substr(4)), "email");
        BOOST_TEST(text_at(e, "state") == "dead");
        BOOST_TEST(text_at(e, "reason").find(": " + answer + ".") != std::string::npos, text_at(e, "reason"));
        BOOST_TEST(e.at("segment_value").is_null());
    }
    BOOST_TEST(get("/v1/profiles?state=synced&limit=100").at("items").as_array().size() == 30U - refusing.size());
}

BOOST_AUTO_TEST_CASE(a_wrong_key_or_address_blocks_and_keeps_all_under_their_ids) {
    put_users(3, "x");
    start();
    auto const ids = [&] {
        std::set<std::string> found;
        for (auto const* state : {"waiting", "offered"}) {
            auto const list = get(std::string{"/v1/messages?state="} + state);
            for (auto const& m : list.at("items").as_array()) found.insert(text_at(m, "message_id"));
        }
        return found;
    };
    settle();
    for (int const status : {307, 401, 402, 403, 404, 407}) {
        test::scripted_server elsewhere;
        sink.always({.status = status, .headers = {{"Location", elsewhere.url("/v1/batch")}}});
        put_users(3, "after " + std::to_string(status));
        pull();
        auto const changed = ids();
        BOOST_TEST(changed.size() == 3U);
        eventually("blocked", [&] { return text_at(get("/v1/status"), "state") == "blocked"; });
        auto const shown = get("/v1/status");
        BOOST_TEST(text_at(shown.at("segment"), "state") == "blocked");
        auto const detail = text_at(shown.at("reasons").at(0), "detail");
        BOOST_TEST(text_at(shown.at("reasons").at(0), "code") == "segment_blocked");
        BOOST_TEST(detail.find(std::to_string(status)) != std::string::npos, detail);
        BOOST_TEST(shown.at("segment").at("retry_at").is_string());
        BOOST_TEST(api->get("/readyz").status == 503);
        BOOST_TEST(queue("dead") == 0);
        BOOST_TEST((ids() == changed), "nothing was lost, and no id changed");
        BOOST_TEST(elsewhere.connections() == 0U, "a redirect is never followed");
        // Every repeated request has its reason.
        auto const metrics = api->get("/metrics").body;
        std::int64_t repeated = 0;
        for (auto at = metrics.find("\ntraitsync_retries_total{"); at != std::string::npos;
             at = metrics.find("\ntraitsync_retries_total{", at + 1))
            repeated += std::stoi(metrics.substr(metrics.find("} ", at) + 2));
        BOOST_TEST(repeated > 0);
        BOOST_TEST(repeated == number_at(get("/v1/status").at("segment"), "retries_total"));
        BOOST_TEST(test::has(metrics, "{reason=\"blocked\"} " + std::to_string(repeated)));
        sink.always({});
        restart();  // else it is tried again within a minute
        settle();
        for (auto const& id : changed) BOOST_TEST(text_at(get("/v1/messages/" + id), "state") == "acknowledged");
        BOOST_TEST(api->get("/readyz").status == 200);
    }
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// A Moesif whose answer to everything can be replaced.
struct moody : operated {
    test::scripted_server source;
    std::mutex lock;
    std::optional<scripted_answer> bad;
    std::vector<std::string> targets;
    int plan = 0;

    moody() {
        environment["TRAITSYNC_MOESIF_URL"] = source.url("/v1");
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
        source.answer_with([this](test::seen_request const& asked) -> scripted_answer {
            std::lock_guard const held{lock};
            targets.push_back(asked.target);
            if (bad) return *bad;
            std::string hits;
            if (asked.target.find("/users") != std::string::npos &&
                asked.body.find("search_after") == std::string::npos) {
                hits = fmt::format(
                    R"({{"_id":"a","_source":{{"user_id":"a","metadata":{{"plan":"{}"}}}},"sort":["a"]}})", plan);
            }
            return {.body = R"({"took":1,"timed_out":false,"hits":{"total":1,"hits":[)" + hits + "]}}",
                    .headers = {{"Content-Type", "application/json"}}};
        });
    }
    ~moody() { source.answer_with({}); }
    void answers(std::optional<scripted_answer> a) {
        std::lock_guard const held{lock};
        bad = std::move(a);
        if (!bad) ++plan;
    }
    std::string arrived() {
        auto const state = segment.state_of("a");
        return state && state->contains("metadata") ? state->at("metadata") : "";
    }
    void is_read_again() {
        auto const newest = fmt::format(R"({{"plan":"{}"}})", plan);
        eventually("read again", [&] { return arrived() == newest; });
        // The message arrives while its pass is still on, and one that failed counts until that one has ended.
        eventually("running", [&] { return text_at(get("/v1/status"), "state") == "running"; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(statuses_of_moesif, moody)

BOOST_AUTO_TEST_CASE(a_refused_token_blocks_pulling_visibly_while_delivery_goes_on) {
    start();
    settle();
    for (int const status : {401, 402, 403}) {
        // What waits meanwhile is delivered: only pulling is blocked.
        post("/v1/pause", R"({"scope":"deliver"})", 200);
        answers({});
        eventually("a change waits", [&] { return queue("waiting") == 1; });
        answers(scripted_answer{.status = status, .body = "no"});
        eventually("blocked", [&] { return text_at(get("/v1/status").at("moesif"), "state") == "blocked"; });
        auto const shown = get("/v1/status");
        BOOST_TEST(text_at(shown, "state") == "blocked");
        auto const& why = shown.at("reasons").at(0);
        BOOST_TEST(text_at(why, "code") == "moesif_blocked");
        BOOST_TEST(text_at(why, "detail").find(std::to_string(status)) != std::string::npos, text_at(why, "detail"));
        BOOST_TEST(api->get("/readyz").status == 503);
        BOOST_TEST(api->get("/metrics").body.find("\ntraitsync_moesif_blocked 1\n") != std::string::npos);
        post("/v1/resume", R"({"scope":"deliver"})", 200);
        auto const waited = fmt::format(R"({{"plan":"{}"}})", plan);
        eventually("delivered while pulling is blocked", [&] { return arrived() == waited; });
        std::size_t asked = 0;
        {
            std::lock_guard const held{lock};
            asked = targets.size();
        }
        answers({});
        restart();  // else it is tried again within a minute
        is_read_again();
        std::lock_guard const held{lock};
        BOOST_TEST(targets.size() > asked);
    }
}

BOOST_AUTO_TEST_CASE(a_block_tells_its_latest_reason_and_ends_when_a_search_is_judged_again) {
    start();
    settle();
    auto const told = [&] {
        std::string all;
        auto const status = get("/v1/status");
        for (auto const& why : status.at("reasons").as_array()) {
            if (text_at(why, "code") == "moesif_blocked") all += text_at(why, "detail");
        }
        return all;
    };
    // Else it is tried again within a minute.
    auto const try_again = [&] {
        post("/v1/pause", R"({"scope":"pull"})", 200);
        post("/v1/resume", R"({"scope":"pull"})", 200);
    };
    answers(scripted_answer{.status = 401, .body = "no"});
    eventually("blocked", [&] { return test::has(told(), "401"); });
    answers(scripted_answer{.status = 402, .body = "no"});
    try_again();
    eventually("another reason", [&] { return test::has(told(), "402"); });
    answers(scripted_answer{.status = 400, .body = R"({"error":"no such app_id"})"});
    try_again();
    eventually("judged", [&] { return told().empty(); });
    BOOST_TEST(api->get("/readyz").status == 200);
    eventually("told as the pass's", [&] { return test::has(api->get("/v1/runs").body, "no such app_id"); });
    answers({});
    is_read_again();
}

BOOST_AUTO_TEST_CASE(an_outage_is_retried_with_back_off_and_the_pass_goes_on) {
    start();
    settle();
    for (int const status : {500, 503, 408}) {
        auto const before = get("/v1/runs?limit=500").at("items").as_array().size();
        answers(scripted_answer{.status = status, .body = "<html>down</html>"});
        eventually("retrying", [&] { return text_at(get("/v1/status").at("moesif"), "state") == "retrying"; });
        auto const shown = get("/v1/status");
        BOOST_TEST(text_at(shown, "state") == "degraded");
        BOOST_TEST(text_at(shown.at("moesif"), "last_error").find(std::to_string(status)) != std::string::npos);
        BOOST_TEST(api->get("/readyz").status == 200, "what passes is no reason to take it out of service");
        answers({});
        is_read_again();
        auto const runs = get("/v1/runs?limit=500").at("items").as_array();
        // The pass that met the outage may have begun before it was looked at.
        BOOST_TEST(runs.size() >= before);
        for (auto const& r : runs) BOOST_TEST(r.at("error").is_null(), "no pass was given up");
    }
}

BOOST_AUTO_TEST_CASE(a_path_that_is_not_there_is_asked_in_the_older_spelling_and_then_blocks) {
    answers(scripted_answer{.status = 404});
    start();
    eventually("blocked", [&] { return text_at(get("/v1/status").at("moesif"), "state") == "blocked"; });
    auto const detail = text_at(get("/v1/status").at("reasons").at(0), "detail");
    BOOST_TEST(detail.find("404") != std::string::npos, detail);
    {
        std::lock_guard const held{lock};
        BOOST_TEST(std::set<std::string>(targets.begin(), targets.end()).size() == 2U);
        BOOST_TEST(targets.size() == 2U);
    }
    answers({});
    restart();
    is_read_again();
}

BOOST_AUTO_TEST_CASE(a_refused_search_ends_the_pass_with_its_answer_and_the_next_one_is_read) {
    start();
    settle();
    answers(scripted_answer{.status = 400, .body = R"({"error":"no such sort"})"});
    auto const failed = [&] {
        auto const runs = get("/v1/runs?limit=500");
        for (auto const& r : runs.at("items").as_array()) {
            if (!r.at("error").is_null() && text_at(r, "error").find("no such sort") != std::string::npos) return true;
        }
        return false;
    };
    eventually("a failed pass", failed);
    BOOST_TEST(number("SELECT count(*) FROM users WHERE gone_at IS NOT NULL") == 0);
    answers({});
    is_read_again();
}

BOOST_AUTO_TEST_SUITE_END()
