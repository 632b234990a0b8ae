package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.outbox.Delivery;
import tg.gouv.messagerie.platform.outbox.Figures;
import tg.gouv.messagerie.platform.outbox.Outbox;

/** Sends the messages of a topic through a route, while the route is started. */
final class OutboxConsumer extends DefaultConsumer {
    static final Figures NOTHING = new Figures(0, 0, 0, Duration.ZERO, Optional.empty());

    private final OutboxEndpoint endpoint;
    private final OutboxComponent component;
    private final String schema;
    private volatile Outbox.@Nullable Handling handling;

    OutboxConsumer(OutboxEndpoint endpoint, Processor route, OutboxComponent component, String schema) {
        super(endpoint, route);
        this.endpoint = endpoint;
        this.component = component;
        this.schema = schema;
    }

    String topic() {
        return endpoint.topic();
    }

    OutboxComponent.Work work() {
        return endpoint.work();
    }

    /** What the route has done since it was started. */
    Figures figures() {
        Outbox.Handling present = handling;
        return present == null ? NOTHING : present.figures();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        handling = switch (endpoint.work()) {
            case TRANSACTED -> component.outbox().consume(topic(), component.connections(), this::transacted);
            case LEASED -> component.outbox().consume(topic(), this::leased);
        };
    }

    @Override
    protected void doStop() throws Exception {
        Outbox.Handling present = handling;
        if (present != null) {
            present.close();
        }
        super.doStop();
    }

    private void transacted(Connection connection, Delivery delivery) throws Exception {
        // Undone at the end of the transaction.
        Sql.first(connection, row -> 1, "select set_config('search_path', ?, true)", schema);
        Exchange exchange = exchange(delivery);
        OutboxComponent.carry(exchange, connection);
        send(exchange);
    }

    private void leased(Delivery delivery) throws Exception {
        send(exchange(delivery));
    }

    private Exchange exchange(Delivery delivery) {
        Exchange exchange = createExchange(false);
        OutboxComponent.carry(exchange, delivery);
        return exchange;
    }

    /** Sends it through the route; what failed there fails here. */
    private void send(Exchange exchange) throws Exception {
        try {
            getProcessor().process(exchange);
            Exception failure = exchange.getException();
            if (failure != null) {
                throw failure;
            }
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
