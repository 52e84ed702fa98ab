#pragma once
// The documents of one kind (users or companies), in two orders: bytes of the id, and (modification time, id).
// Ranks count documents in such an order from 0.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace traitsync::demo {

// The sort value of a document without a date: the engine puts those last.
inline constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::max();

struct document_view {
    std::string_view id;
    std::int64_t modified = no_time;  // epoch milliseconds
    std::string_view source;          // valid during the visit
};

enum class document_order : std::uint8_t { by_id, by_time };

struct place {
    std::int64_t time = 0;  // by_time only
    std::string_view id;
    bool after_ties = false;  // by_time only: behind every document of that time, whatever its id
};

class document_set {
public:
    using visitor = std::function<bool(document_view const&)>;  // false ends the walk

    virtual ~document_set() = default;
    virtual std::size_t size() const = 0;
    // How many documents come before the place; `inclusive` counts the one at the place too.
    virtual std::size_t rank(document_order order, place const& where, bool inclusive) const = 0;
    virtual void walk(document_order order, std::size_t from, visitor const& visit) const = 0;
    // Calls visit with the document of that id; false when there is none.
    virtual bool find(std::string_view id, visitor const& visit) const = 0;
    // False where documents are made on demand and cannot be stored.
    virtual bool put(std::string id, std::string source, std::int64_t modified) = 0;
    virtual bool remove(std::string_view id) = 0;
};

}  // namespace traitsync::demo
