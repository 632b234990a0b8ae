package tg.gouv.messagerie.deploy.routes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Camel as we run it: the plain engine, whose routes work on the outbox's own threads. */
final class Engine {
    private static final int END_WITHIN_SECONDS = 3;

    private Engine() {}

    /**
     * Starts routes; when this returns, they handle messages.
     *
     * @param steps the beans that the routes name
     * @throws IllegalStateException if a route is not well made; nothing is left running
     */
    static CamelContext start(
            OutboxComponent outbox, Map<String, Processor> steps, List<? extends RoutesBuilder> routes) {
        DefaultCamelContext context = new DefaultCamelContext();
        try {
            context.getCamelContextExtension().setName("messagerie");
            context.disableJMX();
            context.setTypeConverterStatisticsEnabled(false);
            context.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
            context.getShutdownStrategy().setTimeout(END_WITHIN_SECONDS);
            context.addComponent(OutboxComponent.SCHEME, outbox);
            steps.forEach((name, step) -> context.getRegistry().bind(name, Processor.class, step));
            for (RoutesBuilder each : routes) {
                context.addRoutes(each);
            }
            context.start();
            return context;
        } catch (Exception e) {
            context.stop();
            throw new IllegalStateException("the routes cannot start", e);
        }
    }
}
