package dev.pubsub.sample.api;

import dev.pubsub.sample.blasts.BlastLog;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.sample.statistics.Statistics;
import dev.pubsub.sample.warnings.Broadcast;
import dev.pubsub.sample.warnings.Warning;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the smaller subscriptions have made of the events. */
@RestController
@RequestMapping("/api")
class OverviewController {

    private final Statistics statistics;
    private final BlastLog blasts;
    private final Broadcast broadcast;

    OverviewController(Statistics statistics, BlastLog blasts, Broadcast broadcast) {
        this.statistics = statistics;
        this.blasts = blasts;
        this.broadcast = broadcast;
    }

    @GetMapping("/statistics")
    Statistics.Figures statistics() {
        return statistics.figures();
    }

    @GetMapping("/blasts")
    List<Quake> blasts() {
        return blasts.latest();
    }

    @GetMapping("/warnings")
    List<Warning> warnings() {
        return broadcast.latest();
    }
}
