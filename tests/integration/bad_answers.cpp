// A Moesif that answers badly: each answer is named in words, the pass goes on, nothing is lost or made up.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <regex>

#include "operator.hpp"
#include "support/scripted_server.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using test::scripted_answer;
using test::text_at;

// Two users on a page of their own; everything behind it is empty.
scripted_answer page(test::seen_request const& asked, test::encoding how) {
    std::string hits;
    if (asked.target.find("/users") != std::string::npos && asked.body.find("search_after") == std::string::npos) {
        hits = R"({"_id":"a","_source":{"user_id":"a","email":"a@example.com"},"sort":["a"]},)"
               R"({"_id":"b","_source":{"user_id":"b","email":"b@example.com"},"sort":["b"]})";
    }
    return {.body = R"({"took":1,"timed_out":false,"hits":{"total":2,"hits":[)" + hits + "]}}",
            .headers = {{"Content-Type", "application/json"}},
            .encoding = how};
}

// A failure that asks for the shortest of waits.
scripted_answer at_once_again(int status) { return {.status = status, .headers = {{"Retry-After", "1"}}}; }

struct scripted_moesif : test::operated {
    test::scripted_server source;
    std::mutex lock;
    std::optional<scripted_answer> bad;  // to every request while it is set
    std::vector<steady::time_point> asked_at;
    test::encoding how = test::encoding::none;

    scripted_moesif() {
        environment["TRAITSYNC_MOESIF_URL"] = source.url("/v1");
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
        environment["TRAITSYNC_MOESIF_TIMEOUT"] = "1s";
        environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1";
        source.answer_with([this](test::seen_request const& asked) {
            std::lock_guard const held{lock};
            asked_at.push_back(steady::now());
            return bad ? *bad : page(asked, how);
        });
    }
    ~scripted_moesif() { source.answer_with({}); }
    void answers(std::optional<scripted_answer> a) {
        std::lock_guard const held{lock};
        bad = std::move(a);
    }
    std::string since_first_failure() const {
        return to_rfc3339(from_millis(number("SELECT min(ended) FROM passes WHERE error <> ''")));
    }
    std::string last_error() const { return text_at(get("/v1/status").at("moesif"), "last_error"); }
    // Of the pages of users that one full pass asked for, while some requests have another answer than their page.
    std::vector<int> sizes_of_a_pass(int size, std::function<std::optional<scripted_answer>(int size)> const& instead) {
        constexpr int first = 1000, behind = 1100;
        environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = std::to_string(size);
        environment["TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE"] = "0";
        std::vector<int> sizes;
        source.answer_with([&](test::seen_request const& asked) {
            std::lock_guard const held{lock};
            if (asked.target.find("/users") == std::string::npos) return page(asked, how);
            auto const query = boost::json::parse(asked.body).as_object();
            sizes.push_back(query.at("size").to_number<int>());
            if (auto other = instead(sizes.back())) return *other;
            auto const* after = query.if_contains("search_after");
            auto const from = after == nullptr ? first : std::stoi(after->at(0).as_string().c_str()) + 1;
            std::vector<std::string> hits;
            for (int i = from; i < std::min(from + sizes.back(), behind); ++i)
                hits.push_back(fmt::format(R"({{"_id":"{0}","_source":{{"user_id":"{0}"}},"sort":["{0}"]}})", i));
            return scripted_answer{
                .body = fmt::format(R"({{"took":1,"timed_out":false,"hits":{{"hits":[{}]}}}})", fmt::join(hits, ","))};
        });
        once_well();
        source.answer_with({});
        BOOST_TEST(number("SELECT count(*) FROM users") == behind - first);
        return sizes;
    }
    void is_named_and_survived(scripted_answer a, std::string const& words) {
        answers(std::move(a));
        eventually(words, [&] { return last_error().find(words) != std::string::npos; });
        answers({});
        eventually("read again after: " + words, [&] { return last_error() == "null"; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bad_answers_of_moesif, scripted_moesif)

BOOST_AUTO_TEST_CASE(compressed_answers_in_each_documented_form_are_read) {
    for (auto const form : {test::encoding::gzip, test::encoding::deflate, test::encoding::raw_deflate}) {
        how = form;
        once_well();
    }
    BOOST_TEST(segment.counts().distinct_messages == 2U);
}

BOOST_AUTO_TEST_CASE(profiles_that_no_cursor_leads_behind_are_told_of) {
    source.answer_with([](test::seen_request const& asked) -> scripted_answer {
        if (asked.body.find(R"("_id":"asc")") != std::string::npos) return {.status = 400};
        auto answer = page(asked, test::encoding::none);
        std::string const last = R"("sort":["b"])";
        if (auto const at = answer.body.find(last); at != std::string::npos)
            answer.body.replace(at, last.size(), R"("sort":[null])");
        return answer;
    });
    auto const ended = once();
    BOOST_TEST(ended.state.code == 0, ended.errors);
    BOOST_TEST(ended.errors.find("profiles_unreachable") != std::string::npos, ended.errors);
}

BOOST_AUTO_TEST_CASE(half_wrong_and_endless_answers_are_named_and_the_next_good_one_is_read) {
    start();
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 2U);
    is_named_and_survived({.body = std::string(5000, ' '), .body_bytes = 2500, .then = test::afterwards::close},
                          "within its answer");
    is_named_and_survived(scripted_answer::silence(), "in time");
    is_named_and_survived(scripted_answer::dropped(), "without an answer");
    is_named_and_survived({.body = "<html>maintenance</html>"}, "documented form");
    is_named_and_survived({.body = R"({"took":1,"hits":{"hits":[{"_id":"c","_sou)"}, "documented form");
    is_named_and_survived({.body = R"([{"user_id":"c"}])"}, "documented form");
    is_named_and_survived({.body = fmt::format("you sent Bearer {} to us", token)}, "you sent Bearer ***");
    is_named_and_survived({.body = "not gzip", .headers = {{"Content-Encoding", "gzip"}}}, "broken or cut short");
    BOOST_TEST(segment.counts().messages == 2U, "nothing was made of bad answers");
    BOOST_TEST(number("SELECT count(*) FROM quarantine") == 0);
    BOOST_TEST(number("SELECT count(*) FROM users WHERE gone_at IS NOT NULL") == 0);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed_and_blocks_with_its_target) {
    test::scripted_server elsewhere;
    answers(scripted_answer{.status = 302, .headers = {{"Location", elsewhere.url("/v1/login?token=abc")}}});
    start();
    eventually("blocked", [&] { return text_at(get("/v1/status"), "state") == "blocked"; });
    auto const status = get("/v1/status");
    auto const detail = text_at(status.at("reasons").at(0), "detail");
    BOOST_TEST(detail.find("redirects are not followed") != std::string::npos, detail);
    BOOST_TEST(detail.find(elsewhere.url("/v1/login")) != std::string::npos, detail);
    BOOST_TEST(detail.find("abc") == std::string::npos, detail);
    BOOST_TEST(elsewhere.connections() == 0U);
    BOOST_TEST(api->get("/readyz").status == 503);
}

BOOST_AUTO_TEST_CASE(passes_that_end_with_an_error_are_told_everywhere_until_one_ends_well) {
    start();
    settle();
    auto const metric = [&] {
        std::smatch found;
        auto const text = api->get("/metrics").body;
        BOOST_REQUIRE(std::regex_search(text, found, std::regex{"last_pass_timestamp_seconds\\{[^}]*\\} (\\S+)"}));
        return std::stod(found[1]);
    };
    answers(scripted_answer{.status = 418, .body = "short and stout"});
    eventually("degraded", [&] { return text_at(get("/v1/status"), "state") == "degraded"; });
    auto const good = text_at(get("/v1/status").at("moesif"), "last_pass_at");
    auto const good_metric = metric();
    auto const first = get("/v1/status").at("reasons").at(0);
    BOOST_TEST(text_at(first, "code") == "pass_failed");
    BOOST_TEST(text_at(first, "detail").find("Moesif answered 418: the request was refused (short and stout)") !=
                   std::string::npos,
               first);
    auto const tells = [&] {
        auto const status = get("/v1/status");
        BOOST_TEST(text_at(status, "state") == "degraded");
        auto const& now = status.at("reasons").at(0);
        BOOST_TEST(text_at(now, "code") == "pass_failed");
        BOOST_TEST(text_at(now, "since") == text_at(first, "since"), "since the first of them");
        auto const& side = status.at("moesif");
        BOOST_TEST((text_at(side, "state") == "retrying" || text_at(side, "state") == "pulling"), side);
        BOOST_TEST(text_at(side, "last_error").find("418") != std::string::npos, side);
        BOOST_TEST(text_at(side, "last_pass_at") == good);
        BOOST_TEST(metric() == good_metric);
        BOOST_TEST(api->get("/readyz").status == 200, "it is not blocked");
    };
    auto const failed = [&] { return number("SELECT count(*) FROM passes WHERE error <> ''"); };
    eventually("some fail", [&] { return failed() >= 3; });
    tells();
    eventually("waits for the next", [&] { return text_at(get("/v1/status").at("moesif"), "state") == "retrying"; });
    BOOST_TEST(since_first_failure() == text_at(first, "since"));
    restart();
    tells();
    auto shown = options({"status"});
    shown.environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(api->port());
    auto const printed = test::run(std::move(shown));
    BOOST_TEST(printed.output.find("last error of moesif: Moesif answered 418") != std::string::npos, printed.output);
    // A pass over the store reads nothing of Moesif, so it proves nothing.
    stop();
    environment["TRAITSYNC_TRAITS_POLICY"] = "email=never";
    start();
    eventually("compared",
               [&] { return number("SELECT count(*) FROM passes WHERE kind = 'rediff' AND ended > 0") > 0; });
    BOOST_TEST(text_at(get("/v1/status").at("reasons").at(0), "since") == text_at(first, "since"));
    answers({});
    eventually("running", [&] { return text_at(get("/v1/status"), "state") == "running"; });
    BOOST_TEST(text_at(get("/v1/status").at("moesif"), "last_pass_at") > good);
    BOOST_TEST(last_error() == "null");
}

BOOST_AUTO_TEST_CASE(a_moesif_that_repeats_its_pages_is_no_good_pass) {
    answers(page({.target = "/v1/search/~/users"}, how));
    start();
    eventually("degraded", [&] { return text_at(get("/v1/status"), "state") == "degraded"; });
    auto const detail = text_at(get("/v1/status").at("reasons").at(0), "detail");
    BOOST_TEST(detail.find("ignores the cursor (search_after)") != std::string::npos, detail);
    BOOST_TEST(get("/v1/status").at("moesif").at("last_pass_at").is_null());
}

BOOST_AUTO_TEST_CASE(pages_that_moesif_gives_up_become_smaller_and_grow_again_while_they_come_well) {
    scripted_answer const given_up{.body = R"({"took":1,"timed_out":true,"hits":{"total":100,"hits":[]}})"};
    int left = 2;
    auto const sizes = sizes_of_a_pass(4, [&](int) { return left-- > 0 ? std::optional{given_up} : std::nullopt; });
    BOOST_TEST(sizes.front() == 4);
    BOOST_TEST(std::ranges::count(sizes, 2) >= 30);
    BOOST_TEST(sizes.back() == 4);
}

BOOST_AUTO_TEST_CASE(pages_that_do_not_come_whole_or_in_time_become_smaller) {
    for (auto const& late :
         {at_once_again(504), at_once_again(408), scripted_answer::silence(),
          scripted_answer{.body = std::string(5000, ' '), .body_bytes = 2500, .then = test::afterwards::close}}) {
        auto const sizes =
            sizes_of_a_pass(64, [&](int size) { return size > 32 ? std::optional{late} : std::nullopt; });
        BOOST_TEST(sizes.front() == 64);
        BOOST_TEST(sizes.back() == 32);
    }
}

BOOST_AUTO_TEST_CASE(an_outage_leaves_pages_of_some_size) {
    int left = 6;
    auto const sizes =
        sizes_of_a_pass(16, [&](int) { return left-- > 0 ? std::optional{at_once_again(504)} : std::nullopt; });
    BOOST_TEST(sizes.front() == 16);
    BOOST_TEST(std::ranges::min(sizes) == 2);
}

BOOST_AUTO_TEST_CASE(a_throttled_reader_waits_as_long_as_moesif_asked) {
    answers(scripted_answer{.status = 429, .headers = {{"Retry-After", "2"}}});
    start();
    // Its answer is chosen with the note of the time, later than the request counts as seen.
    eventually("asked", [&] {
        std::lock_guard const held{lock};
        return !asked_at.empty();
    });
    answers({});
    // An order of the operator's, whatever it is of, is no reason to ask earlier.
    eventually("retrying", [&] { return text_at(get("/v1/status").at("moesif"), "state") == "retrying"; });
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    post("/v1/resume", R"({"scope":"deliver"})", 200);
    settle();
    std::lock_guard const held{lock};
    BOOST_TEST(((asked_at[1] - asked_at[0]) >= 1990ms));
}

BOOST_AUTO_TEST_CASE(what_is_not_the_document_that_was_asked_for_says_nothing_of_it) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1h";
    environment["TRAITSYNC_TRAITS_ON_DELETE"] = "null";
    std::atomic<bool> leaves{false};
    std::atomic<int> by_id{0};
    scripted_answer document{.body = "{}"};
    source.answer_with([&](test::seen_request const& asked) {
        std::lock_guard const held{lock};
        if (asked.method == "GET") {
            ++by_id;
            return document;
        }
        auto answer = page(asked, how);
        if (auto const at = answer.body.find(R"(,{"_id":"b")"); leaves && at != std::string::npos)
            answer.body.erase(at, answer.body.find("]}", at) + 2 - at);
        return answer;
    });
    start();
    settle();
    leaves = true;
    for (auto const* body :
         {"{}", R"({"error":"temporarily unavailable"})", R"({"_id":"x9","_source":{"user_id":"x9"}})",
          R"({"user_id":"x9"})", R"({"_id":"b","found":false})", R"({"_id":"b","_source":null})"}) {
        {
            std::lock_guard const held{lock};
            document = {.body = body};
        }
        restart();  // else the wait before the next question grows with each
        int const before = by_id;
        pull("full");
        eventually("asked by id", [&] { return by_id > before; });
        eventually("judged", [&] { return service->errors().find("missing_unreadable") != std::string::npos; });
        BOOST_TEST(text_at(get("/v1/profiles/b"), "state") == "synced", body);
    }
    {
        std::lock_guard const held{lock};
        document = {.status = 403, .body = "{}"};
    }
    restart();
    pull("full");
    BOOST_TEST(service->wait_for_errors("missing_unanswered"));
    BOOST_TEST(last_error().find("Moesif answered 403") != std::string::npos, last_error());
    {
        std::lock_guard const held{lock};
        document = {.body = R"({"_id":"b","_source":[1]})"};
    }
    // Asked again when the wait behind the refusal is over, which a pass does not shorten.
    pull("full");
    eventually("set aside", [&] { return number("SELECT count(*) FROM quarantine") == 1; });
    BOOST_TEST(text_at(get("/v1/profiles/b"), "state") == "synced");
    BOOST_TEST(api->get("/v1/profiles/x9").status == 404);
    BOOST_TEST(segment.messages_of("b").size() == 1U);
    {
        std::lock_guard const held{lock};
        document = {.status = 404, .body = "{}"};
    }
    pull("full");
    eventually("gone", [&] { return text_at(get("/v1/profiles/b"), "state") == "gone"; });
    eventually("null was sent", [&] { return segment.messages_of("b").size() == 2; });
}

BOOST_AUTO_TEST_CASE(a_question_by_id_that_fails_is_asked_again_with_back_off_and_told) {
    std::atomic<bool> leaves{false};
    std::atomic<int> by_id{0};
    std::atomic<int> failures{0};
    source.answer_with([&](test::seen_request const& asked) -> scripted_answer {
        std::lock_guard const held{lock};
        if (asked.method == "GET") {
            if (++by_id <= failures) return {.status = 503, .body = "down"};
            return {.status = 404, .body = "{}"};
        }
        auto answer = page(asked, how);
        if (auto const at = answer.body.find(R"(,{"_id":"b")"); leaves && at != std::string::npos)
            answer.body.erase(at, answer.body.find("]}", at) + 2 - at);
        return answer;
    });
    once_well();
    leaves = true;
    failures = 1'000'000;
    auto const given_up = once({"--max-wait", "3s"});
    BOOST_TEST(given_up.state.code == 3);
    BOOST_TEST(given_up.errors.find("could not be read by id: Moesif answered 503") != std::string::npos,
               given_up.errors);
    BOOST_TEST(given_up.errors.find("missing_unanswered") != std::string::npos, given_up.errors);
    // A minute passes before it would be looked at again of itself.
    failures = by_id + 1;
    auto const settled = once({"--max-wait", "20s"});
    BOOST_TEST(settled.state.code == 0, settled.errors);
    BOOST_TEST(number("SELECT count(*) FROM users WHERE gone_at IS NOT NULL") == 1);
}

// Twelve a minute are one in five seconds.
BOOST_AUTO_TEST_CASE(the_request_budget_holds_over_restarts) {
    environment["TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE"] = "12";
    auto const asked = [&] {
        std::lock_guard const held{lock};
        return asked_at.size();
    };
    start();
    eventually("a request", [&] { return asked() >= 1; });
    for (int i = 0; i < 3; ++i) {
        service->kill();
        start();
        // Far enough to have asked: the pass that goes on is told.
        eventually("the pass", [&] { return !get("/v1/runs").at("items").as_array().empty(); });
    }
    eventually("the next request", [&] { return asked() >= 2; });
    std::lock_guard const held{lock};
    BOOST_TEST((asked_at[1] - asked_at[0]) >= 4900ms);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refused_cursors, test::operated)

BOOST_AUTO_TEST_CASE(a_cursor_that_moesif_refuses_begins_the_stage_anew_and_loses_nobody) {
    environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "10";
    put_users(45, "x");
    std::atomic<int> refused = 0;
    moesif.set_before_page([&](demo::page_event const& e) {
        demo::moesif_faults f;
        f.requests_per_minute = 0;
        // The third page of users, once: by then twenty users are stored and a cursor stands.
        f.refuse_search_after = !e.companies && e.number == 2 && refused++ == 0;
        moesif.set_faults(f);
    });
    auto const ended = once();
    moesif.set_before_page({});
    BOOST_TEST(ended.state.code == 0, ended.errors);
    BOOST_TEST(refused == 1);
    BOOST_TEST(ended.errors.find("cursor_refused") != std::string::npos, ended.errors);
    BOOST_TEST(segment.counts().distinct_messages == 45U);
    BOOST_TEST(segment.counts().messages == 45U, "and nobody twice");
    BOOST_TEST(number("SELECT count(*) FROM users WHERE gone_at IS NOT NULL") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
