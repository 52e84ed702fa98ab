#pragma once
// A request and an answer of the admin API in its own words: no Beast types. Private to admin/.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traitsync/core/error.hpp"

namespace traitsync::admin {

// The head of a request, checked before anything of its body is read.
struct request_head {
    std::string method;
    std::string target;  // as it came: path and query
    std::optional<std::string> host;
    std::optional<std::string> origin;
    std::string authorization;
    std::string content_type;
    std::string content_encoding;
    std::string transfer_encoding;
    std::string if_none_match;
    bool takes_gzip = false;
    std::optional<std::string> idempotency_key;
    bool has_body = false;
    std::string repeated;       // a header that may stand once and stands twice
    std::string local_address;  // of the connection: host part as text; empty on a unix socket
};

// What a handler gets: path values and query decoded, all names known.
struct call {
    std::string method;
    std::string path;                 // as it came, without query
    std::vector<std::string> values;  // of the route's {…}, decoded
    std::map<std::string, std::string> query;
    std::string body;
    std::string if_none_match;
    bool takes_gzip = false;
    bool may_change = false;  // the token is the admin's
    std::optional<std::string> idempotency_key;
};

struct answer {
    int status = 200;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string_view fixed = {};  // instead of `body`: bytes that live for ever
    bool is_event_stream = false;

    std::string_view bytes() const { return fixed.empty() ? std::string_view{body} : fixed; }
};

// RFC 9457. `code` ends the problem's type and is what a program looks at.
struct problem {
    int status = 500;
    std::string_view code;
    std::string title;
    std::string detail;
    struct field {
        std::string pointer;
        std::string detail;
    };
    std::vector<field> errors = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::vector<std::pair<std::string, std::int64_t>> numbers = {};  // further members
};

answer answer_of(problem const& p);

problem bad_request(std::string detail);
problem bad_field(std::string pointer, std::string detail);
problem bad_fields(std::vector<problem::field> errors);
problem wrong_cursor();
problem not_found(std::string detail);
problem conflict(std::string detail);
// An error of the engine or the store. Storage faults: ask again.
problem problem_of(error const& e);

template <class T>
using outcome = boost::system::result<T, problem>;
[[noreturn]] void throw_exception_from_error(problem const& p, boost::source_location const& where);

}  // namespace traitsync::admin
