#include "envelope.hpp"

#include <algorithm>
#include <utility>

namespace traitsync::moesif {
namespace {

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '\\'; });
}

bool is_literal(std::string_view bytes) { return bytes == "null" || bytes == "true" || bytes == "false"; }

}  // namespace

std::optional<std::string> decoded_string(std::string_view literal) {
    if (literal.size() < 2 || literal.front() != '"') return std::nullopt;
    std::string_view const inner = literal.substr(1, literal.size() - 2);
    if (is_plain(inner)) return std::string{inner};
    json::document document;
    if (document.parse(literal) != json::parse_fault::none || !document.root().is_string()) return std::nullopt;
    return std::string{document.root().text};
}

bool envelope::value(std::string_view& bytes) {
    std::size_t const end = json::skip_value(body_, pos_);
    if (end == std::string_view::npos) return false;
    bytes = body_.substr(pos_, end - pos_);
    char const first = bytes.front();
    if (first != '{' && first != '[' && first != '"' && !is_literal(bytes) && !json::is_number(bytes)) return false;
    pos_ = end;
    return true;
}

bool envelope::key(std::string_view& text) {
    if (peek() != '"') return false;
    std::string_view literal;
    if (!value(literal)) return false;
    text = literal.substr(1, literal.size() - 2);
    if (text.find('\\') == std::string_view::npos) return true;
    auto decoded = decoded_string(literal);
    if (!decoded) return false;
    escaped_key_ = std::move(*decoded);
    text = escaped_key_;
    return true;
}

}  // namespace traitsync::moesif
