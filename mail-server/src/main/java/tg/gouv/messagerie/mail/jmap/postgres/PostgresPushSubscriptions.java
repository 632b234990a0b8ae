package tg.gouv.messagerie.mail.jmap.postgres;

import java.net.MalformedURLException;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.TypeStateFactory;
import org.apache.james.jmap.api.model.DeviceClientIdInvalidException;
import org.apache.james.jmap.api.model.ExpireTimeInvalidException;
import org.apache.james.jmap.api.model.InvalidPushSubscriptionKeys;
import org.apache.james.jmap.api.model.PushSubscription;
import org.apache.james.jmap.api.model.PushSubscriptionCreationRequest;
import org.apache.james.jmap.api.model.PushSubscriptionExpiredTime;
import org.apache.james.jmap.api.model.PushSubscriptionId;
import org.apache.james.jmap.api.model.PushSubscriptionKeys;
import org.apache.james.jmap.api.model.PushSubscriptionNotFoundException;
import org.apache.james.jmap.api.model.PushSubscriptionServerURL;
import org.apache.james.jmap.api.model.TypeName;
import org.apache.james.jmap.api.pushsubscription.PushSubscriptionHelpers;
import org.apache.james.jmap.api.pushsubscription.PushSubscriptionRepository;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;
import tg.gouv.messagerie.platform.database.Sql;

/** Devices that want to be woken by web push (RFC 8620 section 7.2); durable when a call completes. */
final class PostgresPushSubscriptions implements PushSubscriptionRepository {
    private static final String COLUMNS =
            "id, device_client_id, url, p256dh, auth, verification_code, validated, expires, types";

    private static final String INSERT = "insert into jmap_push_subscription(owner_id, " + COLUMNS + ")"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing";

    private final JmapConnections connections;
    private final Clock clock;
    private final TypeStateFactory typeNames;
    private final int subscriptionsMax;

    PostgresPushSubscriptions(
            JmapConnections connections, Clock clock, TypeStateFactory typeNames, int subscriptionsMax) {
        this.connections = connections;
        this.clock = clock;
        this.typeNames = typeNames;
        this.subscriptionsMax = subscriptionsMax;
    }

    @Override
    public Publisher<PushSubscription> save(Username user, PushSubscriptionCreationRequest request) {
        return connections.later(() -> {
            Optional<ZonedDateTime> expires =
                    OptionConverters.toJava(request.expires()).map(PushSubscriptionExpiredTime::value);
            if (expires.isPresent()) {
                demandFuture(expires.get());
            }
            if (PushSubscriptionHelpers.isInvalidPushSubscriptionKey(request.keys())) {
                throw new InvalidPushSubscriptionKeys(request.keys().get());
            }
            PushSubscription made =
                    PushSubscription.from(request, PushSubscriptionHelpers.evaluateExpiresTime(expires, clock));
            UUID owner = connections.demand(user);
            connections.transaction(c -> insert(c, owner, made));
            return made;
        });
    }

    private int insert(Connection c, UUID owner, PushSubscription made) throws SQLException {
        Sql.update(c, "delete from jmap_push_subscription where owner_id = ? and expires <= ?", owner, now());
        int there = Sql.first(
                        c,
                        row -> row.getInt(1),
                        "select count(*) from jmap_push_subscription where owner_id = ?",
                        owner)
                .orElseThrow();
        if (there >= subscriptionsMax) {
            throw new IllegalArgumentException("An account has at most " + subscriptionsMax + " push subscriptions");
        }
        PushSubscriptionKeys keys = made.keys().isEmpty() ? null : made.keys().get();
        int inserted = Sql.update(
                c,
                INSERT,
                owner,
                made.id().value(),
                made.deviceClientId(),
                made.url().value().toString(),
                keys == null ? null : keys.p256dh(),
                keys == null ? null : keys.auth(),
                made.verificationCode(),
                made.validated(),
                made.expires().value().toOffsetDateTime(),
                names(CollectionConverters.asJava(made.types())));
        if (inserted == 0) {
            throw new DeviceClientIdInvalidException(made.deviceClientId(), "deviceClientId must be unique");
        }
        return inserted;
    }

    private void demandFuture(ZonedDateTime expires) {
        if (expires.isBefore(ZonedDateTime.now(clock))) {
            throw new ExpireTimeInvalidException(expires, "expires must be greater than now");
        }
    }

    @Override
    public Publisher<PushSubscriptionExpiredTime> updateExpireTime(
            Username user, PushSubscriptionId id, ZonedDateTime newExpire) {
        return connections.later(() -> {
            demandFuture(newExpire);
            PushSubscriptionExpiredTime expires =
                    PushSubscriptionHelpers.evaluateExpiresTime(Optional.of(newExpire), clock);
            change(user, id, "expires = ?", expires.value().toOffsetDateTime());
            return expires;
        });
    }

    @Override
    public Publisher<Void> updateTypes(Username user, PushSubscriptionId id, Set<TypeName> types) {
        return connections.laterDone(() -> change(user, id, "types = ?", names(types)));
    }

    @Override
    public Publisher<Void> validateVerificationCode(Username user, PushSubscriptionId id) {
        return connections.laterDone(() -> change(user, id, "validated = ?", true));
    }

    private void change(Username user, PushSubscriptionId id, String set, Object value) {
        Optional<UUID> owner = connections.find(user);
        int changed = owner.isEmpty()
                ? 0
                : connections.run(c -> Sql.update(
                        c,
                        "update jmap_push_subscription set " + set + " where owner_id = ? and id = ?",
                        value,
                        owner.get(),
                        id.value()));
        if (changed == 0) {
            throw new PushSubscriptionNotFoundException(id);
        }
    }

    @Override
    public Publisher<Void> revoke(Username user, PushSubscriptionId id) {
        return connections.laterDone(() -> connections
                .find(user)
                .ifPresent(owner -> connections.run(c -> Sql.update(
                        c, "delete from jmap_push_subscription where owner_id = ? and id = ?", owner, id.value()))));
    }

    @Override
    public Publisher<PushSubscription> get(Username user, Set<PushSubscriptionId> ids) {
        UUID[] wanted = ids.stream().map(PushSubscriptionId::value).toArray(UUID[]::new);
        return connections.laterEach(() -> valid(user, " and id = any(?)", wanted));
    }

    @Override
    public Publisher<PushSubscription> list(Username user) {
        return connections.laterEach(() -> valid(user, "", new UUID[0]));
    }

    private List<PushSubscription> valid(Username user, String which, UUID[] ids) {
        Optional<UUID> owner = connections.find(user);
        if (owner.isEmpty()) {
            return List.of();
        }
        Object[] parameters =
                which.isEmpty() ? new Object[] {owner.get(), now()} : new Object[] {owner.get(), now(), ids};
        return connections.run(c -> Sql.query(
                c,
                this::read,
                "select " + COLUMNS + " from jmap_push_subscription where owner_id = ? and expires > ?" + which
                        + " order by id",
                parameters));
    }

    private PushSubscription read(ResultSet row) throws SQLException {
        return new PushSubscription(
                new PushSubscriptionId(row.getObject("id", UUID.class)),
                row.getString("device_client_id"),
                url(row.getString("url")),
                keys(row.getString("p256dh"), row.getString("auth")),
                row.getString("verification_code"),
                row.getBoolean("validated"),
                new PushSubscriptionExpiredTime(
                        row.getObject("expires", OffsetDateTime.class).atZoneSameInstant(clock.getZone())),
                types((String[]) row.getArray("types").getArray()));
    }

    /** What a later version no longer knows is passed over. */
    private scala.collection.immutable.Seq<TypeName> types(String[] names) {
        List<TypeName> known = Arrays.stream(names)
                .map(typeNames::parse)
                .filter(each -> each.isRight())
                .map(each -> each.toOption().get())
                .toList();
        return CollectionConverters.asScala(known).toSeq();
    }

    private static String[] names(Collection<TypeName> types) {
        return types.stream().map(TypeName::asString).toArray(String[]::new);
    }

    private static Option<PushSubscriptionKeys> keys(@Nullable String p256dh, @Nullable String auth) {
        return p256dh == null || auth == null ? Option.empty() : Option.apply(new PushSubscriptionKeys(p256dh, auth));
    }

    private static PushSubscriptionServerURL url(String text) {
        try {
            return new PushSubscriptionServerURL(URI.create(text).toURL());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a push subscription's address: " + text, e);
        }
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    /** Removes the subscriptions that expired, and returns how many there were. */
    static int sweep(JmapConnections connections, Clock clock) {
        return connections.run(c -> Sql.update(
                c,
                "delete from jmap_push_subscription where expires <= ?",
                clock.instant().atOffset(ZoneOffset.UTC)));
    }
}
