package dev.pubsub.spring.conversion;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;

/** Which conversion service counts in a context. */
public final class ConversionServices {

    private ConversionServices() {}

    /** The context's own, or else Spring Boot's. */
    public static ConversionService of(ConfigurableBeanFactory beans) {
        ConversionService own = beans.getConversionService();
        return own == null ? ApplicationConversionService.getSharedInstance() : own;
    }
}
