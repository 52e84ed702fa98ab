#pragma once
// Lends delivery's form of a message to the store's queue. Private to engine/.

#include "traitsync/delivery/message.hpp"
#include "traitsync/store/outbox.hpp"

namespace traitsync::engine {

class segment_writer final : public store::message_writer {
public:
    plan cut(store::draft const& d) override;
    void write(std::string& out, store::draft const& d, profile::trait_set traits, message_id const& id) override;

private:
    delivery::message_parts const& parts_of(store::draft const& d, profile::trait_set traits);
    delivery::message_parts parts_;  // reused from message to message
};

}  // namespace traitsync::engine
