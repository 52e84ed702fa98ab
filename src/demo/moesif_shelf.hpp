#pragma once
// The built-in Moesif's users or companies: what searches see, and the writes that they do not see yet.

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "document_set.hpp"
#include "traitsync/core/clock.hpp"

namespace traitsync::demo {

class moesif_shelf {
public:
    moesif_shelf();

    // Seen by searches from `due` on; at once when `due` is not after `now`.
    void put(std::string id, std::string source, std::int64_t modified, steady_time due, steady_time now);
    void remove(std::string id, steady_time due, steady_time now);
    void publish(steady_time now);
    void publish_all();
    void replace(std::unique_ptr<document_set> documents);

    document_set const& visible() const { return *documents_; }
    std::size_t size() const;
    // The latest version, visible or not; false when there is none.
    bool find(std::string_view id, document_set::visitor const& visit) const;

private:
    struct write {
        steady_time due;
        std::string id;
        std::optional<std::string> source;  // nothing: removed
        std::int64_t modified = no_time;
    };

    void take(write w, steady_time now);
    void apply(write w);

    std::unique_ptr<document_set> documents_;
    std::deque<write> waiting_;
};

}  // namespace traitsync::demo
