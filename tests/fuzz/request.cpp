// Requests to the admin API: targets, percent-encoding, Host, Origin and tokens. Lines: target, Host, Origin,
// Authorization.
#include "fuzz.hpp"

#include "gate.hpp"
#include "head_rules.hpp"
#include "url_text.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::admin;
using fuzz::check;

constexpr std::string_view admin_token = "an-admin-token-that-nobody-guesses";
constexpr std::string_view viewer_token = "a-viewer-token-that-nobody-guesses";

gate const& gate_of_tests() {
    static auto const g = [] {
        config::admin_settings s;
        s.token = secret{std::string{admin_token}};
        s.viewer_token = secret{std::string{viewer_token}};
        s.public_url = "https://sync.example.com/traits";
        return gate{s, "127.0.0.1", "8737"};
    }();
    return g;
}

std::string_view next_line(std::string_view& rest) {
    auto const end = rest.find('\n');
    auto const line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return line;
}

void check_target(std::string_view text) {
    auto const t = parse_target(text);
    if (!t) return;
    check(t->path.starts_with('/') && t->path.find('?') == std::string::npos, "a path begins with a slash");
    for (auto const segment : path_segments(t->path)) {
        check(segment.find('/') == std::string_view::npos, "segments hold no slash");
        auto const decoded = percent_decoded(segment, false);
        if (decoded)
            check(percent_decoded(percent_encoded(*decoded), false) == decoded, "encoding and decoding cancel out");
    }
    // Written again from its parts it says the same.
    std::string again = t->path + "?";
    for (auto const& [name, value] : t->query) again += percent_encoded(name) + "=" + percent_encoded(value) + "&";
    auto const repeated = parse_target(again);
    check(repeated && repeated->query == t->query, "a query survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    auto const target = next_line(rest);
    check_target(target);
    request_head head;
    head.method = "GET";
    head.target = target;
    head.host = std::string{next_line(rest)};
    if (!rest.empty()) head.origin = std::string{next_line(rest)};
    head.local_address = "127.0.0.1";
    to_origin_form(head);
    check(head.target.starts_with('/') || head.target == target, "an absolute target becomes a path");
    auto const refused = gate_of_tests().check_names(head);
    if (!refused) {
        auto const& host = *head.host;
        auto const is_ours = [&](std::string_view name) {
            return host.size() >= name.size() && std::equal(name.begin(), name.end(), host.begin(), [](char a, char b) {
                       return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
                   });
        };
        check(is_ours("localhost") || is_ours("127.0.0.1") || is_ours("[::1]") || is_ours("sync.example.com"),
              "only our names pass");
    } else {
        auto const shown = answer_of(*refused);
        check(shown.status == 400 || shown.status == 403 || shown.status == 421, "a refusal has its status");
    }
    auto const role_found = gate_of_tests().role_of(rest);
    if (role_found == role::admin) check(rest.ends_with(admin_token), "only the token makes an admin");
    if (role_found == role::viewer) check(rest.ends_with(viewer_token), "only the token makes a viewer");
    return 0;
}
