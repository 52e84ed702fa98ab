#include "moesif_target.hpp"

#include <optional>

namespace traitsync::demo {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        int const high = hex_digit(text[i + 1]);
        int const low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool parse_query(std::string_view text, std::map<std::string, std::string>& query) {
    while (!text.empty()) {
        auto const end = text.find('&');
        auto const pair = text.substr(0, end);
        auto const equals = pair.find('=');
        auto name = decode(pair.substr(0, equals));
        auto value = decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
        if (!name || !value) return false;
        query[std::move(*name)] = std::move(*value);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return true;
}

struct route {
    std::string_view path;
    moesif_call call;
    bool companies;
};

constexpr route posts[] = {
    {"/search/~/search/usermetrics/users", moesif_call::search, false},
    {"/search/~/search/companymetrics/companies", moesif_call::search, true},
    {"/search/~/search/users", moesif_call::older_search, false},
    {"/search/~/search/companies", moesif_call::older_search, true},
    {"/search/~/count/users", moesif_call::count, false},
    {"/search/~/count/companies", moesif_call::count, true},
};

constexpr route gets[] = {
    {"/search/~/users/", moesif_call::get, false},
    {"/search/~/companies/", moesif_call::get, true},
};

}  // namespace

moesif_target parse_target(std::string_view method, std::string_view target, std::string_view prefix) {
    moesif_target found;
    auto const mark = target.find('?');
    std::string_view path = target.substr(0, mark);
    if (!path.starts_with(prefix)) return found;
    path.remove_prefix(prefix.size());
    if (mark != std::string_view::npos && !parse_query(target.substr(mark + 1), found.query)) return found;
    if (method == "POST") {
        for (auto const& r : posts) {
            if (path != r.path) continue;
            found.call = r.call;
            found.companies = r.companies;
        }
        return found;
    }
    if (method != "GET") return found;
    for (auto const& r : gets) {
        if (!path.starts_with(r.path)) continue;
        auto const segment = path.substr(r.path.size());
        // An id with a bare slash is another path, which does not exist.
        if (segment.empty() || segment.find('/') != std::string_view::npos) return found;
        auto id = decode(segment);
        if (!id) return found;
        found.call = r.call;
        found.companies = r.companies;
        found.id = std::move(*id);
    }
    return found;
}

}  // namespace traitsync::demo
