package dev.pubsub.sample.gateway;

/**
 * What the gateway saw.
 *
 * @param mode how it behaves now
 * @param calls begun
 * @param sent texts that went out to people
 * @param repeated calls whose text had gone out before, and did not again
 * @param refused calls answered with 503
 * @param unanswered calls that were held until nobody waited for them any longer
 * @param holding calls that are held now
 */
public record GatewayStatus(
        GatewayMode mode, long calls, long sent, long repeated, long refused, long unanswered, int holding) {}
