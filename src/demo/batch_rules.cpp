#include "batch_rules.hpp"

#include <string.h>

#include <algorithm>
#include <array>

#include "json_slice.hpp"
#include "traitsync/core/clock.hpp"

namespace traitsync::demo {

namespace {

constexpr std::array<std::string_view, 6> call_types = {"identify", "group", "alias", "track", "page", "screen"};

error refusal(std::string text) { return {fault::invalid, std::move(text)}; }

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_time(std::string_view value) {
    auto const text = string_of(value);
    return text && text->find('T') != std::string::npos && parse_time(*text).has_value();
}

// The reason why the member makes the message bad; empty when it does not.
std::string read_member(batch_message& message, std::string& type, slice_member const& member,
                        segment_limits const& limits) {
    auto text = string_of(member.value);
    if (member.key == "type") {
        if (!text || std::find(call_types.begin(), call_types.end(), *text) == call_types.end()) return "type_invalid";
        type = std::move(*text);
    } else if (member.key == "messageId") {
        if (!text || text->empty()) return "message_id_not_string";
        if (characters(*text) > limits.id_characters) return "message_id_too_long";
        message.message_id = std::move(*text);
    } else if (member.key == "userId") {
        if (!text) return "id_not_string";
        message.user_id = std::move(*text);
    } else if (member.key == "traits") {
        if (!is_object(member.value)) return "traits_not_object";
        message.traits = member.value;
    } else if (member.key == "context" || member.key == "integrations") {
        if (!is_object(member.value)) return member.key + "_not_object";
    } else if (member.key == "timestamp" && !is_time(member.value)) {
        return "timestamp_invalid";
    }
    return {};
}

batch_message parse_message(std::string_view text, segment_limits const& limits) {
    batch_message message{.text = text};
    if (text.size() > limits.message_bytes) message.fault = "message_too_large";
    if (!is_object(text)) {
        message.fault = "message_not_object";
        return message;
    }
    std::string type;
    for (auto const& member : members_of(text)) {
        auto reason = read_member(message, type, member, limits);
        if (message.fault.empty()) message.fault = std::move(reason);
    }
    if (!message.fault.empty()) return message;
    if (type.empty()) message.fault = "type_required";
    if (message.message_id.empty()) message.fault = "message_id_required";
    if (message.user_id.empty()) message.fault = "id_required";
    if (type == "identify" && message.traits.empty()) message.fault = "traits_not_object";
    return message;
}

}  // namespace

result<std::vector<batch_message>> parse_batch(std::string_view body, segment_limits const& limits) {
    if (!is_json(body)) return refusal("malformed JSON");
    auto const start = body.find_first_not_of(" \t\r\n");
    if (!is_object(body.substr(start))) return refusal("the body must be an object");
    auto const batch = member_of(body, "batch");
    if (!batch || batch->front() != '[') return refusal("batch is required");
    auto const sent = member_of(body, "sentAt");
    if (sent && !is_time(*sent)) return refusal("sentAt is no time");
    std::vector<batch_message> messages;
    for (auto const element : elements_of(*batch)) messages.push_back(parse_message(element, limits));
    if (messages.empty()) return refusal("batch is empty");
    return messages;
}

std::size_t count_identifies(std::string_view body) {
    constexpr std::string_view mark = R"("type":"identify")";
    std::size_t count = 0;
    char const* at = body.data();
    char const* const end = body.data() + body.size();
    while (auto const* found = memmem(at, static_cast<std::size_t>(end - at), mark.data(), mark.size())) {
        ++count;
        at = static_cast<char const*>(found) + mark.size();
    }
    return count;
}

}  // namespace traitsync::demo
