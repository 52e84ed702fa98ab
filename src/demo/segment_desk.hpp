#pragma once
// Answers the built-in Segment's requests: key, form, limits, faults, and the record of what arrived. Everything
// is under one mutex, since tests ask from other threads than the listener's.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "arrival_record.hpp"
#include "fault_dice.hpp"
#include "http_listener.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace traitsync::demo {

class segment_desk : public http_handler {
public:
    explicit segment_desk(segment_options options);

    bool admits(http_head& head) override;
    http_reply answer(http_request request) override;

    // All members below are guarded by `mutex`; the service's methods take it.
    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    segment_faults faults;
    fault_dice<segment_fault> dice;
    std::function<bool(std::string_view, std::string_view)> refuse;
    recording level;

    segment_counts counts() const;
    arrival_record const& record() const { return record_; }
    void set_recording(recording wanted);
    void forget();
    std::uint16_t wanted_port() const { return options_.port; }

private:
    http_reply reply_to(http_request const& request, segment_fault fault);
    http_reply taken(std::string_view body, segment_fault fault);
    http_reply unparsed(std::string_view body, segment_fault fault);
    http_reply bad_batch(std::string reason);
    void count_body(std::size_t bytes, std::size_t messages);
    std::optional<http_reply> refused(http_head const& head) const;
    bool knows(std::string_view authorization) const;
    void find_bad(std::vector<batch_message>& messages) const;
    arrival_record fresh_record() const;

    segment_options options_;
    segment_counts counts_;
    arrival_record record_;
};

}  // namespace traitsync::demo
