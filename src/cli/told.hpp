#pragma once
// What the service said, read without harm to what it shows: numbers as they were written, and as deep as a profile may
// be. A member that is not there, or of another kind, throws std::invalid_argument: no traitsync service says that, or
// one of quite another version.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "traitsync/core/json.hpp"

namespace traitsync::cli {

// An answer's bytes and their meaning, which lives as long as this.
class told {
public:
    explicit told(std::string body);
    told(told const&) = delete;
    told& operator=(told const&) = delete;

    std::string const& body() const { return body_; }
    json::value const& json() const { return document_.root(); }  // null where the body is no JSON

private:
    std::string body_;
    json::document document_;
};

json::value const& at(json::value const& object, std::string_view name);
std::string word(json::value const& object, std::string_view name);
bool truth(json::value const& object, std::string_view name);
// A whole number; 0 for null.
std::int64_t number(json::value const& object, std::string_view name);
std::span<json::value const> list(json::value const& object, std::string_view name);

}  // namespace traitsync::cli
