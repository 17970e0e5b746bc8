package dev.pubsub.sample.api;

import dev.pubsub.sample.blasts.BlastLog;
import dev.pubsub.sample.oncall.OnCallLog;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.sample.statistics.Statistics;
import dev.pubsub.sample.warnings.Broadcast;
import dev.pubsub.sample.warnings.Warning;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the smaller subscriptions have made of the events, and what those who are on call were told. */
@RestController
@RequestMapping("/api")
class OverviewController {

    private final Statistics statistics;
    private final BlastLog blasts;
    private final Broadcast broadcast;
    private final OnCallLog onCall;

    OverviewController(Statistics statistics, BlastLog blasts, Broadcast broadcast, OnCallLog onCall) {
        this.statistics = statistics;
        this.blasts = blasts;
        this.broadcast = broadcast;
        this.onCall = onCall;
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

    @GetMapping("/oncall")
    List<OnCallLog.Notice> onCall() {
        return onCall.latest();
    }
}
