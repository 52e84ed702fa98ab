#include "traitsync/core/sha256.hpp"

#include <boost/test/unit_test.hpp>

using namespace traitsync;

namespace {

std::string digits_of(std::array<unsigned char, 32> const& digest) {
    std::string out;
    for (unsigned char const byte : digest) {
        out.push_back("0123456789abcdef"[byte >> 4]);
        out.push_back("0123456789abcdef"[byte & 15]);
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(digests)

BOOST_AUTO_TEST_CASE(sha256_gives_the_standard_digests) {
    BOOST_TEST(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(sha256_hex(std::string(1'000'000, 'a')) ==
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    BOOST_TEST(digits_of(sha256(std::string_view{"a\0b", 3})) == sha256_hex(std::string_view{"a\0b", 3}));
}

BOOST_AUTO_TEST_CASE(hmac_gives_the_digests_of_rfc_4231) {
    BOOST_TEST(digits_of(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
               "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    BOOST_TEST(digits_of(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    BOOST_TEST(
        digits_of(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    BOOST_TEST(digits_of(hmac_sha256({}, {})) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(base64_pads_to_groups_of_four) {
    BOOST_TEST(base64("") == "");
    BOOST_TEST(base64("f") == "Zg==");
    BOOST_TEST(base64("fo") == "Zm8=");
    BOOST_TEST(base64("foobar") == "Zm9vYmFy");
    BOOST_TEST(base64("\xff\xfe\xfd") == "//79");
    BOOST_TEST(base64("write-key:") == "d3JpdGUta2V5Og==");
}

BOOST_AUTO_TEST_CASE(random_texts_have_two_digits_a_byte_and_do_not_repeat) {
    BOOST_TEST(random_hex(0).empty());
    BOOST_TEST(random_hex(16).size() == 32U);
    BOOST_TEST(random_hex(16).find_first_not_of("0123456789abcdef") == std::string::npos);
    BOOST_TEST(random_hex(16) != random_hex(16));
}

BOOST_AUTO_TEST_SUITE_END()
