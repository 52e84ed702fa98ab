#include "traitsync/store/rest_text.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "traitsync/core/error.hpp"

using namespace traitsync;

namespace {

std::string packed(std::string_view text) {
    std::string out;
    store::pack_rest(out, text);
    return out;
}

// Looks like a stored document, and differs from it at every place that a dictionary could know.
std::string document(unsigned seed, std::size_t size) {
    std::string text = "{";
    while (text.size() < size) {
        seed = seed * 1'664'525U + 1'013'904'223U;
        text +=
            "\"k" + std::to_string(seed % 977) + "\":\"" + std::to_string(seed) + static_cast<char>(seed >> 24) + "\",";
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rest_text)

BOOST_AUTO_TEST_CASE(what_is_packed_comes_back_byte_for_byte) {
    for (auto const size : {0U, 1U, 2U, 63U, 64U, 65U, 700U, 5'000U, 70'000U, 4'194'304U}) {
        auto const text = size == 0 ? std::string{} : document(size, size);
        BOOST_TEST(store::unpack_rest(packed(text)) == text, "size " << size);
    }
    auto const usual =
        std::string{R"({"user_id":"a","modified_time":"2026-02-22T02:30:42.278","geo_ip":{"ip":"192.0.2.204"}})"};
    BOOST_TEST(store::unpack_rest(packed(usual)) == usual);
}

BOOST_AUTO_TEST_CASE(the_usual_field_names_cost_little) {
    auto const usual = std::string{
        R"({"user_id":null,"modified_time":"2026-02-22T02:30:42.278","first_seen_time":"2025-03-28T02:30:09.6800000Z",)"
        R"("last_seen_time":"2026-02-22T02:30:16.0040000Z","ip_address":"192.0.2.204","geo_ip":{"ip":"192.0.2.204",)"
        R"("city_name":"Nairobi","region_name":"Nairobi","country_name":"Kenya","country_code2":"KE"}})"};
    BOOST_TEST(packed(usual).size() * 2 < usual.size());
}

BOOST_AUTO_TEST_CASE(a_text_of_an_older_store_is_itself) {
    BOOST_TEST(store::unpack_rest(R"({"x":1})") == R"({"x":1})");
    BOOST_TEST(store::unpack_rest("").empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_apart_from_chance_stays_plain) {
    std::string noise = "{";
    unsigned seed = 7;
    while (noise.size() < 200) {
        seed = seed * 1'664'525U + 1'013'904'223U;
        noise += static_cast<char>(seed >> 24);
    }
    BOOST_TEST(packed(noise).size() <= noise.size());
    BOOST_TEST(store::unpack_rest(packed(noise)) == noise);
}

// What was packed by the first dictionary must stay readable for ever.
BOOST_AUTO_TEST_CASE(the_first_dictionary_has_not_changed) {
    std::string const text =
        R"({"user_id":null,"first_name":"Lars","last_name":"Weber","app_id":"198:3","org_id":"177:3"})";
    std::string const stored{
        "\001\132\022\173\314\001\102\151\144\042\072\245\003\011\005\002\113\114\141\162\163\011\002\157\127\145\142"
        "\145\162\042\132\000\013\120\067\072\063\042\175",
        39};
    BOOST_TEST(store::unpack_rest(stored) == text);
}

BOOST_AUTO_TEST_CASE(broken_bytes_are_named_and_not_believed) {
    auto const good = packed(document(3, 700));
    for (std::size_t length = 1; length < good.size(); length += 7) {
        BOOST_CHECK_THROW(store::unpack_rest(std::string_view{good}.substr(0, length)), damaged_content);
    }
    BOOST_CHECK_THROW(store::unpack_rest("\x01\xff\xff\xff\xff\x0fzz"), damaged_content);
    BOOST_CHECK_THROW(store::unpack_rest("\x01\xff\xff\xff\xff\xff\xff\xff"), damaged_content);
}

BOOST_AUTO_TEST_SUITE_END()
