#include "moesif_shelf.hpp"

#include <algorithm>

#include "stored_documents.hpp"

namespace traitsync::demo {

moesif_shelf::moesif_shelf() : documents_{std::make_unique<stored_documents>()} {}

void moesif_shelf::put(std::string id, std::string source, std::int64_t modified, steady_time due, steady_time now) {
    take({due, std::move(id), std::move(source), modified}, now);
}

void moesif_shelf::remove(std::string id, steady_time due, steady_time now) {
    take({due, std::move(id), std::nullopt, no_time}, now);
}

void moesif_shelf::take(write w, steady_time now) {
    // Behind those that wait, even when it is due at once: writes of one document keep their order.
    if (w.due <= now && waiting_.empty()) {
        apply(std::move(w));
        return;
    }
    waiting_.push_back(std::move(w));
    publish(now);
}

void moesif_shelf::apply(write w) {
    if (w.source) {
        documents_->put(std::move(w.id), std::move(*w.source), w.modified);
    } else {
        documents_->remove(w.id);
    }
}

void moesif_shelf::publish(steady_time now) {
    while (!waiting_.empty() && waiting_.front().due <= now) {
        apply(std::move(waiting_.front()));
        waiting_.pop_front();
    }
}

void moesif_shelf::publish_all() { publish(steady_time::max()); }

void moesif_shelf::replace(std::unique_ptr<document_set> documents) {
    waiting_.clear();
    documents_ = std::move(documents);
}

std::size_t moesif_shelf::size() const { return documents_->size(); }

bool moesif_shelf::find(std::string_view id, document_set::visitor const& visit) const {
    auto const latest = std::find_if(waiting_.rbegin(), waiting_.rend(), [&](write const& w) { return w.id == id; });
    if (latest == waiting_.rend()) return documents_->find(id, visit);
    if (!latest->source) return false;
    visit({latest->id, latest->modified, *latest->source});
    return true;
}

}  // namespace traitsync::demo
