package dev.pubsub.sample.alerts;

import dev.pubsub.sample.quake.Quake;
import dev.pubsub.spring.Subscribe;
import org.springframework.stereotype.Component;

/** A text for every strong earthquake. What happens when the gateway fails is said in application.yml, not here. */
@Component
class AlertSubscriber {

    private final SmsClient sms;

    AlertSubscriber(SmsClient sms) {
        this.sms = sms;
    }

    @Subscribe(
            id = "alerts",
            topics = "quakes.*.earthquake",
            condition = "payload.magnitude != null and payload.magnitude >= 4.5")
    void alert(Quake quake) {
        sms.send(quake.id(), "Earthquake: " + quake.headline());
    }
}
