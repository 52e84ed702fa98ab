#pragma once
// The JSON body of a request, field by field: collects everything that is wrong with it, unknown names with the
// nearest known one. Private to admin/.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.hpp"
#include "traitsync/core/json.hpp"

namespace traitsync::admin {

class body_reader {
public:
    // `known`: all names that the body may have. An empty body counts as {} where `may_be_empty`.
    static outcome<body_reader> parse(std::string const& body, std::vector<std::string> known, bool may_be_empty);

    std::optional<std::string> text(std::string_view name);
    std::optional<bool> boolean(std::string_view name);
    std::optional<std::int64_t> time(std::string_view name);
    // An array of 1 to `most` texts, none of them empty.
    std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most);
    std::optional<std::pair<std::int64_t, std::int64_t>> span(std::string_view name);
    // One of `choices`.
    std::optional<std::string> choice(std::string_view name, std::vector<std::string> const& choices);

    void wrong(std::string pointer, std::string detail) { errors_.push_back({std::move(pointer), std::move(detail)}); }
    bool ok() const { return errors_.empty(); }
    problem problems() const { return bad_fields(errors_); }

private:
    json::value const& root() const { return document_->root(); }
    json::value const* find(std::string_view name, json::kind wanted, std::string_view words);

    std::unique_ptr<std::string> text_;
    std::unique_ptr<json::document> document_;
    std::vector<problem::field> errors_;
};

// A time as operators write one, in epoch milliseconds: RFC 3339, or a day alone. A bare number is none: nobody could
// tell a year from seconds.
std::optional<std::int64_t> api_time(std::string_view text);
// A JSON pointer to a member of the root (RFC 6901).
std::string pointer_to(std::string_view name);
// Nothing, or words for a value that is none of the choices, with the nearest one.
std::string not_among(std::string_view what, std::string_view value, std::vector<std::string> const& choices);

}  // namespace traitsync::admin
