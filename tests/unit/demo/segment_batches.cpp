#include <boost/test/unit_test.hpp>

#include <zlib.h>

#include "segment_fixture.hpp"

namespace traitsync::demo::test {

namespace {

std::string packed(std::string const& plain) {
    std::string out(plain.size() + 1000, '\0');
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(segment_batches, segment_fixture)

BOOST_AUTO_TEST_CASE(a_good_batch_is_a_200_and_all_other_paths_are_404) {
    auto const answer = post(batch({message("m1", "u1"), message("m2", "u2")}));
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body == R"({"success":true})");
    for (auto const* target : {"/", "/v1", "/v1/batch/", "/v1/identify", "/batch"}) {
        raw_client client{service.port()};
        BOOST_TEST(client.exchange("POST", target, headers, "{}").status == 404);
    }
    raw_client client{service.port()};
    BOOST_TEST(client.exchange("GET", "/v1/batch", headers).status == 404);
    auto const counts = service.counts();
    BOOST_TEST(counts.requests == 1U);
    BOOST_TEST(counts.batches == 1U);
    BOOST_TEST(counts.messages == 2U);
    BOOST_TEST(counts.of_status(404) == 6U);
    BOOST_TEST(counts.largest_batch_messages == 2U);
}

BOOST_AUTO_TEST_CASE(basic_authentication_needs_the_key_and_an_empty_password) {
    struct {
        char const* value;
        int status;
    } const table[] = {
        {"Basic a2V5Og==", 200},  // key:
        {"Basic a2V5", 401},      // key
        {"Basic Og==", 401},      // :
        {"Basic a2V5OnB3", 401},  // key:pw
        {"Basic b3RoZXI6", 401},  // other:
        {"Basic a2V5Og", 401},    // not padded
        {"Basic ****", 401},     {"Bearer key", 401}, {"", 401},
    };
    for (auto const& c : table) {
        raw_client client{service.port()};
        auto const answer =
            client.exchange("POST", "/v1/batch", {{"Authorization", c.value}, {"Content-Type", "application/json"}},
                            batch({message("m1", "u1")}));
        BOOST_TEST_CONTEXT(c.value) { BOOST_TEST(answer.status == c.status); }
    }
    raw_client client{service.port()};
    BOOST_TEST(client.exchange("POST", "/v1/batch", {{"Authorization", "Basic a2V5Og=="}}, batch({message("m1", "u1")}))
                   .status == 400);
    segment_service any;
    raw_client other{any.port()};
    auto const known = raw_headers{{"Authorization", "Basic b3RoZXI6"}, {"Content-Type", "application/json"}};
    BOOST_TEST(other.exchange("POST", "/v1/batch", known, batch({message("m1", "u1")})).status == 200);
}

BOOST_AUTO_TEST_CASE(a_body_of_the_wrong_form_is_a_400) {
    for (auto const* body : {"", "{", "[]", "{}", R"({"batch":{}})", R"({"batch":[]})", R"({"batch":[1]})",
                             R"({"batch":[{}],})", R"({"batch":[{}]} x)", "{\"batch\":[{\"a\":\"\xff\"}]}"}) {
        BOOST_TEST_CONTEXT(body) { BOOST_TEST(post(body).status == 400); }
    }
    BOOST_TEST(post(R"({"batch":[)" + message("m", "u") + R"(],"sentAt":"now"})").status == 400);
    BOOST_TEST(service.counts().messages == 0U);
}

BOOST_AUTO_TEST_CASE(a_message_beyond_a_rule_makes_its_batch_a_400) {
    struct {
        char const* reason;
        std::string message;
    } const table[] = {
        {"type_required", R"({"messageId":"m","userId":"u","traits":{}})"},
        {"type_invalid", R"({"type":"identity","messageId":"m","userId":"u","traits":{}})"},
        {"id_required", R"({"type":"identify","messageId":"m","traits":{}})"},
        {"id_required", message("m", "")},
        {"id_not_string", R"({"type":"identify","messageId":"m","userId":7,"traits":{}})"},
        {"message_id_required", R"({"type":"identify","userId":"u","traits":{}})"},
        {"message_id_not_string", R"({"type":"identify","messageId":7,"userId":"u","traits":{}})"},
        {"message_id_too_long", message(std::string(100, 'm'), "u")},
        {"traits_not_object", message("m", "u", "[]")},
        {"traits_not_object", R"({"type":"identify","messageId":"m","userId":"u"})"},
        {"context_not_object", R"({"type":"identify","messageId":"m","userId":"u","traits":{},"context":null})"},
        {"timestamp_invalid", R"({"type":"identify","messageId":"m","userId":"u","traits":{},"timestamp":"2026"})"},
        {"message_too_large", message("m", "u", R"({"a":")" + std::string(32'000, 'x') + "\"}")},
        {"message_not_object", "null"},
    };
    for (auto const& c : table) {
        BOOST_TEST_CONTEXT(c.reason) {
            auto const answer = post(batch({message("good", "g"), c.message}));
            BOOST_TEST(answer.status == 400);
            BOOST_TEST(answer.body == fmt::format(R"({{"code":"bad_request","message":"{}"}})", c.reason));
            BOOST_TEST(service.counts().refusals.at(c.reason) > 0U);
        }
    }
    BOOST_TEST(service.counts().messages == 0U);
    BOOST_TEST(send({message(std::string(99, 'm'), "u")}) == 200);
    std::string const frame = message("m", "v", R"({"a":""})");
    BOOST_TEST(send({message("m", "v", R"({"a":")" + std::string(32'000 - frame.size(), 'x') + "\"}")}) == 200);
}

BOOST_AUTO_TEST_CASE(a_payload_beyond_500_kb_or_2500_messages_is_refused) {
    std::vector<std::string> messages;
    for (int i = 0; i < 2501; ++i) messages.push_back(message(fmt::format("m{:04}", i), fmt::format("u{}", i)));
    BOOST_TEST(send(messages) == 400);
    messages.pop_back();
    BOOST_TEST(send(messages) == 200);
    BOOST_TEST(service.counts().largest_batch_messages == 2501U);
    std::string body = batch({message("z", "z")});
    body.resize(500'000, ' ');
    BOOST_TEST(post(body).status == 200);
    body += ' ';
    auto const answer = post(body);
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(answer.body == R"({"code":"bad_request","message":"Exceed payload limit"})");
    headers.emplace_back("Content-Encoding", "gzip");
    BOOST_TEST(post(packed(body)).status == 400);
    body.pop_back();
    BOOST_TEST(post(packed(body)).status == 200);
    BOOST_TEST(post(body).status == 400);
    BOOST_TEST(service.counts().largest_batch_bytes == 500'000U);
}

BOOST_AUTO_TEST_CASE(dropping_in_silence_answers_200_and_counts) {
    service.set_faults({.bad_messages = bad_message::drops_in_silence, .refuse_users_with = "evil"});
    BOOST_TEST(send({message("m1", "good"), message("m2", "evil one"), message("m3", "good too")}) == 200);
    auto const counts = service.counts();
    BOOST_TEST(counts.messages == 2U);
    BOOST_TEST(counts.dropped_messages == 1U);
    BOOST_TEST(!service.state_of("evil one"));
}

BOOST_AUTO_TEST_CASE(refused_users_make_their_batches_400_and_a_predicate_does_too) {
    service.set_faults({.refuse_users_with = "evil", .plain_answers = true});
    auto const answer = post(batch({message("m1", "good"), message("m2", "evil one")}));
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(answer.body == "Bad Request");
    BOOST_TEST(send({message("m1", "good")}) == 200);
    service.set_refuse(
        [](std::string_view user, std::string_view text) { return user == "good" && text.find("\"b\"") != text.npos; });
    BOOST_TEST(send({message("m4", "good", R"({"b":1})")}) == 400);
    BOOST_TEST(send({message("m5", "good", R"({"c":1})")}) == 200);
}

BOOST_AUTO_TEST_CASE(a_script_of_faults_is_taken_in_order_and_then_all_is_well) {
    service.set_faults({.retry_after = std::chrono::seconds{9},
                        .hang_for = std::chrono::milliseconds{1},
                        .slow_for = std::chrono::milliseconds{1}});
    service.script({segment_fault::throttled, segment_fault::throttled_silently, segment_fault::server_error,
                    segment_fault::unavailable, segment_fault::reset_before_reading, segment_fault::hang,
                    segment_fault::redirect, segment_fault::unauthorized, segment_fault::bad_request,
                    segment_fault::answer_lost, segment_fault::slow});
    auto const body = batch({message("m1", "u1")});
    auto answer = post(body);
    BOOST_TEST(answer.status == 429);
    BOOST_TEST(answer.headers.at("retry-after") == "9");
    BOOST_TEST(answer.headers.at("x-ratelimit-reset") == "9");
    BOOST_TEST(!post(body).headers.contains("retry-after"));
    for (int const status : {500, 503, 0, 0}) BOOST_TEST(post(body).status == status);
    answer = post(body);
    BOOST_TEST(answer.status == 302);
    BOOST_TEST(answer.headers.contains("location"));
    BOOST_TEST(post(body).status == 401);
    BOOST_TEST(post(body).status == 400);
    BOOST_TEST(service.counts().messages == 0U);
    BOOST_TEST(post(body).status == 0);
    BOOST_TEST(service.counts().messages == 1U);
    BOOST_TEST(service.counts().answers_lost == 1U);
    BOOST_TEST(post(body).status == 200);
    BOOST_TEST(service.counts().repeats == 1U);
    BOOST_TEST(service.counts().requests == 11U);
    BOOST_TEST(service.counts().failures() == 10U);
    service.set_faults({.always_status = 410});
    BOOST_TEST(post(body).status == 410);
}

BOOST_AUTO_TEST_CASE(without_recording_bodies_are_only_counted) {
    service.set_recording(recording::off);
    BOOST_TEST(send({message("m1", "u1"), message("m1", "u1"), message("", "")}) == 200);
    BOOST_TEST(post(std::string(500'001, ' ')).status == 400);
    auto const counts = service.counts();
    BOOST_TEST(counts.messages == 3U);
    BOOST_TEST(counts.batches == 1U);
    BOOST_TEST(counts.distinct_messages == 0U);
    BOOST_TEST(counts.violations == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace traitsync::demo::test
