#pragma once
// What a scripted server is asked and what it answers.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traitsync::test {

struct seen_request {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;                                 // as it came: not decoded
    std::size_t connection = 0;                       // 1 for the first one accepted
    std::string header(std::string_view name) const;  // in any case; "" when it is not there
    bool has_header(std::string_view name) const;
};

enum class framing : std::uint8_t { length, chunked, until_close };
enum class encoding : std::uint8_t { none, gzip, deflate, raw_deflate };
// After the answer, or what is sent of it: the next request, a close without a word, a reset, or silence until the
// other side goes.
enum class afterwards : std::uint8_t { go_on, close, reset, hang };

struct scripted_answer {
    int status = 200;
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    test::framing framing = test::framing::length;
    test::encoding encoding = test::encoding::none;  // of the body, with its Content-Encoding
    std::chrono::milliseconds delay{0};              // before the first byte
    std::string in_front = {};                       // bytes before the head, such as interim answers
    std::optional<std::string> raw = {};             // these bytes instead of head and body
    std::optional<std::size_t> body_bytes = {};      // only so many bytes of the body are sent
    bool mute = false;                               // nothing is sent at all
    afterwards then = afterwards::go_on;

    static scripted_answer dropped() { return {.mute = true, .then = afterwards::close}; }
    static scripted_answer silence() { return {.mute = true, .then = afterwards::hang}; }
    static scripted_answer bytes(std::string text, afterwards then = afterwards::close) {
        return {.raw = std::move(text), .then = then};
    }
};

// All bytes that an answer wants sent.
std::string wire_text(scripted_answer const& a);

// gzip, deflate with and without the zlib frame; and back.
std::string encoded(std::string_view text, encoding how);
std::string gunzipped(std::string_view packed);

}  // namespace traitsync::test
