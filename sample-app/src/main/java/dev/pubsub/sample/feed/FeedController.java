package dev.pubsub.sample.feed;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows what the feed is at. */
@RestController
class FeedController {

    private final Feed feed;

    FeedController(Feed feed) {
        this.feed = feed;
    }

    @GetMapping("/api/feed")
    FeedStatus status() {
        return feed.status();
    }
}
