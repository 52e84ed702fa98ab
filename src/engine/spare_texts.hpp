#pragma once
// Large texts that were done with, whose memory takes the next ones instead of as much again from the heap: the first
// touch of new memory is dear (docs/performance.md). Loop thread only. Private to engine/.

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace traitsync::engine {

class spare_texts {
public:
    // At most so many are kept, and none larger than `largest` bytes.
    spare_texts(std::size_t most, std::size_t largest) : most_{most}, largest_{largest} {}

    // The largest that is kept, with whatever it holds; an empty one where there is none.
    std::string take() {
        if (texts_.empty()) return {};
        std::swap(*std::ranges::max_element(texts_, {}, &std::string::capacity), texts_.back());
        auto text = std::move(texts_.back());
        texts_.pop_back();
        return text;
    }

    void give_back(std::string text) {
        if (text.capacity() > largest_) return;
        texts_.push_back(std::move(text));
        if (texts_.size() <= most_) return;
        std::swap(*std::ranges::min_element(texts_, {}, &std::string::capacity), texts_.back());
        texts_.pop_back();
    }

private:
    std::size_t most_;
    std::size_t largest_;
    std::vector<std::string> texts_;
};

}  // namespace traitsync::engine
