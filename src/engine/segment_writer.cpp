#include "segment_writer.hpp"

namespace traitsync::engine {

delivery::message_parts const& segment_writer::parts_of(store::draft const& d, profile::trait_set traits) {
    parts_.user = d.user;
    parts_.timestamp_millis = d.timestamp;
    parts_.context = d.context;
    parts_.always = d.always;
    parts_.traits.clear();
    for (auto const& [name, text] : d.traits) {
        if (traits.has(name)) parts_.traits.push_back({name, text});
    }
    return parts_;
}

store::message_writer::plan segment_writer::cut(store::draft const& d) {
    auto const pieces = delivery::cut_to_size(parts_of(d, profile::trait_set::all()));
    plan result;
    for (auto const& piece : pieces.parts) {
        profile::trait_set set;
        for (auto const& t : piece) set.add(t.name);
        result.parts.push_back(set);
    }
    for (auto const& over : pieces.too_large) result.too_large.push_back({over.name, over.reason});
    return result;
}

void segment_writer::write(std::string& out, store::draft const& d, profile::trait_set traits, message_id const& id) {
    delivery::append_message(out, parts_of(d, traits), id);
}

}  // namespace traitsync::engine
