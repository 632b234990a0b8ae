package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultComponent;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.outbox.Delivery;
import tg.gouv.messagerie.platform.outbox.Outbox;

/*
 * outbox:TOPIC?work=transacted&schema=NAME   the route's effect and the removal of the message are one transaction: exactly once. Its
 *                                            steps write on the connection that the exchange carries, whose search path is the schema,
 *                                            on the thread that they are called on, and nowhere else.
 * outbox:TOPIC?work=leased                   no transaction is held; the message is removed afterwards: at least once, with the same
 *                                            id each time.
 *
 * Claims, order, attempts, back-off, dead letters and wake-ups are the outbox's own (platform.outbox). Nothing is sent to this
 * component: work is added in the transaction of the act that causes it.
 */
/** Camel's way to the outbox: a route begins with the messages of a topic. */
final class OutboxComponent extends DefaultComponent {
    /** The component's name in URIs. */
    static final String SCHEME = "outbox";

    private static final String CONNECTION = "tg.gouv.messagerie.connection";
    private static final String DELIVERY = "tg.gouv.messagerie.delivery";

    private final Outbox outbox;
    private final Connections connections;

    /**
     * Routes from an outbox.
     *
     * @param connections on which transacted routes work; one per worker at a time
     */
    OutboxComponent(Outbox outbox, Connections connections) {
        this.outbox = outbox;
        this.connections = connections;
    }

    /** How a route's work is done. */
    enum Work {
        TRANSACTED,
        LEASED
    }

    @Override
    protected Endpoint createEndpoint(String uri, String topic, Map<String, Object> parameters) {
        String work = getAndRemoveParameter(parameters, "work", String.class, "");
        String schema = getAndRemoveParameter(parameters, "schema", String.class, "");
        if (work.equals("transacted")) {
            return new OutboxEndpoint(uri, this, topic, Work.TRANSACTED, demandName(uri, schema));
        }
        if (work.equals("leased") && schema.isEmpty()) {
            return new OutboxEndpoint(uri, this, topic, Work.LEASED, schema);
        }
        throw new IllegalArgumentException(uri + ": expected work=transacted&schema=NAME, or work=leased");
    }

    private static String demandName(String uri, String schema) {
        if (!schema.matches("[a-z][a-z_]{0,62}")) {
            throw new IllegalArgumentException(uri + ": a schema's name is lower-case letters and underscores");
        }
        return schema;
    }

    Outbox outbox() {
        return outbox;
    }

    Connections connections() {
        return connections;
    }

    /** A step of a transacted route, as the bean that the route names. */
    static Processor step(Outbox.Transacted work) {
        return exchange -> work.handle(
                Objects.requireNonNull(
                        exchange.getProperty(CONNECTION, Connection.class), "a leased route has no transaction"),
                delivery(exchange));
    }

    /** A step of a leased route, or one that needs no transaction. */
    static Processor step(Outbox.Leased work) {
        return exchange -> work.handle(delivery(exchange));
    }

    private static Delivery delivery(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getProperty(DELIVERY, Delivery.class), "the route does not begin with outbox:");
    }

    static void carry(Exchange exchange, Delivery delivery) {
        exchange.getMessage().setBody(delivery.payload());
        exchange.setProperty(DELIVERY, delivery);
    }

    static void carry(Exchange exchange, Connection connection) {
        exchange.setProperty(CONNECTION, connection);
        exchange.getExchangeExtension().setTransacted(true); // Camel keeps to the calling thread
    }
}
