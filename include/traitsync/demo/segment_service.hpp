#pragma once
// The built-in Segment: a real HTTP service on loopback with POST /v1/batch and 404 for all else. It is strict where
// the real one is lenient, and keeps what a checker needs to judge a sender: the merged traits of each user, every
// message id with its content, the order of arrival. One thread; every method may be called from any thread.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/demo/segment_faults.hpp"

namespace traitsync::demo {

enum class recording : std::uint8_t {
    off,     // nothing is parsed or checked but the key and the size; messages are counted by their `type`
    checks,  // ids, content hashes, order, merged traits
    bodies,  // also the text of every message
};

// Segment's limits, the strictest reading of each.
struct segment_limits {
    std::size_t batch_bytes = 500'000;  // also after unpacking
    std::size_t batch_messages = 2'500;
    std::size_t message_bytes = 32'000;
    std::size_t id_characters = 99;  // of a messageId
};

struct segment_options {
    std::string write_key = {};  // empty: any that is not empty
    std::uint16_t port = 0;      // 0: any free one; taken: the next free one
    recording record = recording::checks;
    segment_limits limits = {};
    // Beyond this many messages nothing new is recorded and counts().overflowed tells so.
    std::size_t max_recorded = 2'000'000;
    // A message of a user is a violation while an earlier one has not been answered with 2xx, nor refused alone
    // with 400 or 413. Off where the sender gives messages up.
    bool answers_before_next = true;
    segment_faults faults = {};
};

struct segment_counts {
    std::size_t requests = 0;            // to the batch path, whatever became of them
    std::size_t batches = 0;             // accepted, the answer lost or not
    std::size_t messages = 0;            // accepted, repeats included
    std::size_t distinct_messages = 0;   // accepted message ids (recording)
    std::size_t repeats = 0;             // accepted again under an id that was accepted before (recording)
    std::size_t unchanged_messages = 0;  // new ids whose traits all stood already so (recording)
    std::size_t refused_batches = 0;     // 400 for their content
    std::size_t dropped_messages = 0;    // behind a 200
    std::size_t answers_lost = 0;
    std::size_t bytes = 0;                // of accepted bodies, unpacked
    std::size_t largest_batch_bytes = 0;  // of all bodies read, unpacked
    std::size_t largest_batch_messages = 0;
    std::size_t violations = 0;
    bool overflowed = false;
    std::map<int, std::size_t> by_status;         // 0: none was sent
    std::map<std::string, std::size_t> refusals;  // reason of bad messages and batches
    std::size_t of_status(int status) const;
    std::size_t failures() const;  // requests answered by another status than 200, or not at all
};

struct message_arrival {
    std::string message_id;
    std::size_t attempts = 0;  // times it came
    std::size_t accepted = 0;  // times it was taken
    std::string body = {};     // recording::bodies
};

class segment_service {
public:
    explicit segment_service(segment_options options = {});  // std::runtime_error when no port is free
    ~segment_service();
    segment_service(segment_service const&) = delete;
    segment_service& operator=(segment_service const&) = delete;

    std::string url() const;  // http://127.0.0.1:<port>
    std::uint16_t port() const;
    void stop();
    void listen(bool on);  // false: down, connections are refused and those that stand are reset

    void set_faults(segment_faults faults);  // the seed starts again; the script stays
    segment_faults faults() const;
    // The next requests to the batch path take these faults in order, before any chance is drawn; appends.
    void script(std::vector<segment_fault> faults);
    std::size_t scripted() const;
    // A message for which this holds is bad. It is given userId and message text, runs on the service's thread and must
    // not call the service.
    void set_refuse(std::function<bool(std::string_view user_id, std::string_view message)> refuse);
    void set_recording(recording level);

    segment_counts counts() const;
    // Top-level trait to the text of its last accepted value; "null" stays. Nothing for a user never accepted.
    std::optional<std::map<std::string, std::string>> state_of(std::string_view user_id) const;
    std::vector<std::string> user_ids() const;                                 // in byte order
    std::vector<message_arrival> messages_of(std::string_view user_id) const;  // in the order of first arrival
    // One line each, the first 1,000: an id with two contents; a message smaller than an accepted one of its user that
    // arrives for the first time, or again after a newer one was accepted; a message that overtakes an unanswered
    // one of its user; two messages of a user, or one id twice, in a batch; an id used by two users.
    std::vector<std::string> violations() const;
    void forget();  // counters and records start anew

    // Waits until `done` holds, looked at after each request; false when it did not in time.
    bool wait_for(std::chrono::milliseconds limit, std::function<bool(segment_counts const&)> done) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::demo
