package tg.gouv.messagerie.mail.jmap.postgres;

import java.time.Clock;
import java.util.List;
import org.apache.james.eventsourcing.eventstore.EventStore;
import org.apache.james.jmap.api.change.TypeStateFactory;
import org.apache.james.jmap.api.identity.CustomIdentityDAO;
import org.apache.james.jmap.api.projections.MessageFastViewProjection;
import org.apache.james.jmap.api.pushsubscription.PushSubscriptionRepository;
import org.apache.james.jmap.api.upload.UploadRepository;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.user.api.DelegationStore;
import tg.gouv.messagerie.mail.Owners;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Uuid7;

/**
 * What JMAP keeps of its own in the schema {@code mail}: identities, uploads, push subscriptions, previews, filters, delegations.
 *
 * <p>What is acknowledged is durable. Calls run on virtual threads of the store.
 */
public final class PostgresJmap implements AutoCloseable {
    private final JmapConnections connections;
    private final Clock clock;
    private final JmapSettings settings;
    private final PostgresUploads uploads;

    /**
     * A store on connections that may be shared.
     *
     * @param connections of the schema {@code mail}, brought up to date
     * @param blobs where uploads above 32 KB are kept
     */
    public PostgresJmap(
            Connections connections, Blobs blobs, Owners owners, Clock clock, Uuid7 ids, JmapSettings settings) {
        this.connections = new JmapConnections(connections, owners);
        this.clock = clock;
        this.settings = settings;
        this.uploads = new PostgresUploads(this.connections, blobs, ids, clock, settings);
    }

    /** The identities that people made. */
    public CustomIdentityDAO identities() {
        return new PostgresIdentities(connections, settings.identitiesMax());
    }

    /** Bytes that clients sent. */
    public UploadRepository uploads() {
        return uploads;
    }

    /** Devices that want to be woken. */
    public PushSubscriptionRepository pushSubscriptions(TypeStateFactory typeNames) {
        return new PostgresPushSubscriptions(connections, clock, typeNames, settings.pushSubscriptionsMax());
    }

    /** The first words of messages. */
    public MessageFastViewProjection previews(MetricFactory metrics) {
        return new PostgresPreviews(connections, metrics);
    }

    /** The events that make up people's JMAP filters. */
    public EventStore events() {
        return new PostgresEventStore(connections, List.of(new FilterEvents(connections)));
    }

    /** Who may act for whom. */
    public DelegationStore delegations() {
        return new PostgresDelegations(connections, settings.delegatesMax());
    }

    /**
     * Removes uploads and push subscriptions that expired.
     *
     * @return how many were removed
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; the next sweep goes on
     */
    public int sweep() {
        return uploads.sweep() + PostgresPushSubscriptions.sweep(connections, clock);
    }

    /** Lets the work that was begun end, for a bounded time. */
    @Override
    public void close() {
        connections.close();
    }
}
