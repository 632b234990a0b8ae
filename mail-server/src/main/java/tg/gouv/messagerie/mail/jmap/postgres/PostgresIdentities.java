package tg.gouv.messagerie.mail.jmap.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.mail.internet.AddressException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.identity.CustomIdentityDAO;
import org.apache.james.jmap.api.identity.IdentityCreationRequest;
import org.apache.james.jmap.api.identity.IdentityNotFoundException;
import org.apache.james.jmap.api.identity.IdentityUpdate;
import org.apache.james.jmap.api.model.EmailAddress;
import org.apache.james.jmap.api.model.Identity;
import org.apache.james.jmap.api.model.IdentityId;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scala.publisher.SMono;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;
import scala.runtime.BoxedUnit;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * The identities that people made or changed (RFC 8621 section 6); those that follow from their addresses are not here. Durable
 * when a call completes.
 */
final class PostgresIdentities implements CustomIdentityDAO {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String COLUMNS = "id, sort_order, name, email, reply_to, bcc, text_signature, html_signature";

    private static final String PUT = "insert into jmap_identity(owner_id, " + COLUMNS + ")"
            + " select ?::uuid, ?::uuid, ?::int, ?::text, ?::text, ?::jsonb, ?::jsonb, ?::text, ?::text"
            + " where (select count(*) from jmap_identity where owner_id = ? and id <> ?) < ?"
            + " on conflict (owner_id, id) do update set sort_order = excluded.sort_order, name = excluded.name,"
            + " email = excluded.email, reply_to = excluded.reply_to, bcc = excluded.bcc,"
            + " text_signature = excluded.text_signature, html_signature = excluded.html_signature";

    private final JmapConnections connections;
    private final int identitiesMax;

    PostgresIdentities(JmapConnections connections, int identitiesMax) {
        this.connections = connections;
        this.identitiesMax = identitiesMax;
    }

    @Override
    public Publisher<Identity> save(Username user, IdentityCreationRequest request) {
        return save(user, IdentityId.generate(), request);
    }

    @Override
    public Publisher<Identity> save(Username user, IdentityId id, IdentityCreationRequest request) {
        return connections.later(() -> put(connections.demand(user), request.asIdentity(id)));
    }

    @Override
    public Publisher<Identity> list(Username user) {
        return connections.laterEach(() -> {
            Optional<UUID> owner = connections.find(user);
            return owner.isEmpty()
                    ? List.of()
                    : connections.run(c -> Sql.query(
                            c,
                            PostgresIdentities::read,
                            "select " + COLUMNS + " from jmap_identity where owner_id = ? order by sort_order, id",
                            owner.get()));
        });
    }

    @Override
    public SMono<Identity> findByIdentityId(Username user, IdentityId id) {
        Mono<Identity> found = connections.later(
                () -> connections.find(user).flatMap(owner -> find(owner, id)).orElse(null));
        return SMono.fromPublisher(found);
    }

    private Optional<Identity> find(UUID owner, IdentityId id) {
        return connections.run(c -> Sql.first(
                c,
                PostgresIdentities::read,
                "select " + COLUMNS + " from jmap_identity where owner_id = ? and id = ?",
                owner,
                id.id()));
    }

    @Override
    public Publisher<BoxedUnit> update(Username user, IdentityId id, IdentityUpdate update) {
        return connections.later(() -> {
            UUID owner = connections.demand(user);
            Identity old = find(owner, id).orElseThrow(() -> new IdentityNotFoundException(id));
            put(owner, update.update(old));
            return BoxedUnit.UNIT;
        });
    }

    @Override
    public SMono<BoxedUnit> upsert(Username user, Identity identity) {
        Mono<BoxedUnit> put = connections.later(() -> {
            put(connections.demand(user), identity);
            return BoxedUnit.UNIT;
        });
        return SMono.fromPublisher(put);
    }

    @Override
    public Publisher<BoxedUnit> delete(Username user, scala.collection.immutable.Seq<IdentityId> ids) {
        return connections.later(() -> {
            Optional<UUID> owner = connections.find(user);
            UUID[] gone = CollectionConverters.asJava(ids).stream()
                    .map(IdentityId::id)
                    .toArray(UUID[]::new);
            if (owner.isPresent()) {
                connections.run(c -> Sql.update(
                        c, "delete from jmap_identity where owner_id = ? and id = any(?)", owner.get(), gone));
            }
            return BoxedUnit.UNIT;
        });
    }

    private Identity put(UUID owner, Identity identity) {
        UUID id = identity.id().id();
        int written = connections.run(c -> Sql.update(
                c,
                PUT,
                owner,
                id,
                identity.sortOrder(),
                clean(identity.name()),
                identity.email().asString(),
                write(identity.replyTo()),
                write(identity.bcc()),
                clean(identity.textSignature()),
                clean(identity.htmlSignature()),
                owner,
                id,
                identitiesMax));
        if (written == 0) {
            throw new IllegalArgumentException("An account has at most " + identitiesMax + " identities");
        }
        return identity;
    }

    private static Identity read(ResultSet row) throws SQLException {
        return new Identity(
                new IdentityId(row.getObject("id", UUID.class)),
                row.getInt("sort_order"),
                row.getString("name"),
                address(row.getString("email")),
                addresses(row.getString("reply_to")),
                addresses(row.getString("bcc")),
                row.getString("text_signature"),
                row.getString("html_signature"),
                true);
    }

    /** An address as it is written in the JSON. */
    private record Named(@Nullable String name, String email) {}

    private static @Nullable String write(Option<scala.collection.immutable.List<EmailAddress>> addresses) {
        if (addresses.isEmpty()) {
            return null;
        }
        List<Named> all = CollectionConverters.asJava(addresses.get()).stream()
                .map(each -> new Named(
                        OptionConverters.toJava(each.name())
                                .map(name -> clean(name.value()))
                                .orElse(null),
                        each.email().asString()))
                .toList();
        try {
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Option<scala.collection.immutable.List<EmailAddress>> addresses(@Nullable String json) {
        if (json == null) {
            return Option.empty();
        }
        try {
            List<EmailAddress> all = List.of(JSON.readValue(json, Named[].class)).stream()
                    .map(each -> EmailAddress.from(Optional.ofNullable(each.name()), address(each.email())))
                    .toList();
            return Option.apply(CollectionConverters.asScala(all).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an identity's addresses: " + json, e);
        }
    }

    private static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (AddressException e) {
            throw new IllegalStateException("an identity's address: " + text, e);
        }
    }

    /** PostgreSQL refuses U+0000. */
    private static String clean(String text) {
        return text.replace("\u0000", "");
    }
}
