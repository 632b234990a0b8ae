package tg.gouv.messagerie.deploy.routes;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** A topic of the outbox, and how the messages of it are worked on. */
final class OutboxEndpoint extends DefaultEndpoint {
    private final OutboxComponent component;
    private final String topic;
    private final OutboxComponent.Work work;
    private final String schema;

    OutboxEndpoint(String uri, OutboxComponent component, String topic, OutboxComponent.Work work, String schema) {
        super(uri, component);
        this.component = component;
        this.topic = topic;
        this.work = work;
        this.schema = schema;
    }

    String topic() {
        return topic;
    }

    OutboxComponent.Work work() {
        return work;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException(
                "work is added to the outbox in the transaction of the act that causes it, not by a route");
    }

    @Override
    public Consumer createConsumer(Processor route) throws Exception {
        OutboxConsumer consumer = new OutboxConsumer(this, route, component, schema);
        configureConsumer(consumer);
        return consumer;
    }
}
