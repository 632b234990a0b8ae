package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.TypeStateFactory;
import org.apache.james.jmap.api.filtering.FilteringManagement;
import org.apache.james.jmap.api.filtering.RuleFixture;
import org.apache.james.jmap.api.filtering.impl.EventSourcingFilteringManagement;
import org.apache.james.jmap.api.identity.IdentityCreationRequest;
import org.apache.james.jmap.api.model.PushSubscriptionCreationRequest;
import org.apache.james.jmap.api.model.PushSubscriptionServerURL;
import org.apache.james.jmap.api.model.Upload;
import org.apache.james.jmap.api.model.UploadId;
import org.apache.james.jmap.api.model.UploadNotFoundException;
import org.apache.james.jmap.api.pushsubscription.PushSubscriptionRepository;
import org.apache.james.mailbox.model.ContentType;
import org.apache.james.utils.UpdatableTickingClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import tg.gouv.messagerie.mail.jmap.postgres.JmapSettings;
import tg.gouv.messagerie.mail.jmap.postgres.PostgresJmap;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** How much JMAP keeps for one account, and for how long. */
class JmapBoundsTest {
    private static final Username AMA = TestStore.user("ama");
    private static final Username KOFI = TestStore.user("kofi");
    private static final int MB = 1 << 20;

    private final TestStore store = new TestStore();
    private final UpdatableTickingClock clock = new UpdatableTickingClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final PostgresJmap jmap = new PostgresJmap(
            store.connections,
            store.blobs,
            store.owners,
            clock,
            store.ids,
            new JmapSettings(ByteSize.parse("2MB"), Duration.ofHours(2), 2, 2, 2));

    @AfterEach
    void close() {
        jmap.close();
        store.close();
    }

    @Test
    void aLargeUploadIsAnObjectThatGoesWithIt() throws IOException {
        UploadId id = upload(AMA, MB);
        Upload found = retrieve(AMA, id);
        assertThat(found.sizeAsLong()).isEqualTo(MB);
        try (InputStream in = found.content().apply()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes(MB));
        }
        assertThat(store.count("jmap_upload where bytes is null")).isEqualTo(1);

        clock.setInstant(clock.instant().plus(Duration.ofHours(3)));
        assertThatThrownBy(() -> retrieve(AMA, id)).isInstanceOf(UploadNotFoundException.class);
        assertThat(jmap.sweep()).isEqualTo(1);
        assertThat(store.count("jmap_upload")).isZero();
        assertThat(store.count("unnamed_object")).isEqualTo(1);
        new ReleasedBodies(store.connections, store.blobs, StoreSettings.byDefault(), clock).sweep();
        assertThat(store.count("unnamed_object")).isZero();
        assertThatThrownBy(() -> found.content().apply()).isInstanceOf(UploadNotFoundException.class);
    }

    /** RFC 8620 section 6: the oldest make room, of this account alone. */
    @Test
    void theOldestUploadsMakeRoomForTheNewest() {
        UploadId others = upload(KOFI, MB);
        UploadId first = upload(AMA, MB);
        clock.setInstant(clock.instant().plusSeconds(1));
        UploadId second = upload(AMA, MB / 2);
        clock.setInstant(clock.instant().plusSeconds(1));
        UploadId third = upload(AMA, MB);
        assertThatThrownBy(() -> retrieve(AMA, first)).isInstanceOf(UploadNotFoundException.class);
        assertThat(retrieve(AMA, second)).isNotNull();
        clock.setInstant(clock.instant().plusSeconds(1));
        UploadId huge = upload(AMA, 3 * MB);
        assertThat(retrieve(AMA, huge)).isNotNull();
        assertThatThrownBy(() -> retrieve(AMA, third)).isInstanceOf(UploadNotFoundException.class);
        assertThat(retrieve(KOFI, others)).isNotNull();
    }

    @Test
    void anAccountHasSoManyIdentitiesAndMayChangeThem() throws Exception {
        IdentityCreationRequest request = IdentityCreationRequest.fromJava(
                new MailAddress(AMA.asString()),
                Optional.of("Ama\u0000"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(3),
                Optional.empty(),
                Optional.empty());
        var first = block(jmap.identities().save(AMA, request));
        block(jmap.identities().save(AMA, request));
        assertThatThrownBy(() -> block(jmap.identities().save(AMA, request)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 2");
        block(jmap.identities().save(AMA, first.id(), request));
        assertThat(list(jmap.identities().list(AMA)))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.name()).isEqualTo("Ama"));
        assertThat(list(jmap.identities().list(KOFI))).isEmpty();
    }

    @Test
    void whatBelongsToAnAccountFollowsItsNewName() throws Exception {
        IdentityCreationRequest request = IdentityCreationRequest.fromJava(
                new MailAddress(AMA.asString()),
                Optional.of("Ama"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        block(jmap.identities().save(AMA, request));
        UploadId upload = upload(AMA, 10);
        Mono.from(jmap.delegations().addAuthorizedUser(AMA, KOFI)).block();
        Username renamed = TestStore.user("ama.mensah");
        store.owners.rename(AMA.asString(), renamed.asString());
        assertThat(list(jmap.identities().list(renamed))).hasSize(1);
        assertThat(retrieve(renamed, upload)).isNotNull();
        assertThat(list(jmap.delegations().delegatedUsers(KOFI))).containsExactly(renamed);
    }

    @Test
    void anAccountHasSoManyPushSubscriptionsAndExpiredOnesMakeRoom() throws Exception {
        PushSubscriptionRepository subscriptions = jmap.pushSubscriptions(new TypeStateFactory(Set.of()));
        var inbox = store.mailbox("ama", "INBOX").getMailboxId();
        assertThat(store.state(AMA, inbox).pushed()).isFalse();
        block(subscriptions.save(AMA, device("a")));
        block(subscriptions.save(AMA, device("b")));
        assertThat(store.state(AMA, inbox).pushed()).isTrue();
        var others = store.mailbox("kofi", "INBOX").getMailboxId();
        assertThat(store.state(KOFI, others).pushed()).isFalse();
        Mono.from(jmap.delegations().addAuthorizedUser(KOFI, AMA)).block();
        assertThat(store.state(KOFI, others).pushed())
                .as("who may act for the account is woken too")
                .isTrue();
        assertThatThrownBy(() -> block(subscriptions.save(AMA, device("c"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 2");
        clock.setInstant(clock.instant().plus(Duration.ofDays(8)));
        block(subscriptions.save(AMA, device("a")));
        assertThat(store.count("jmap_push_subscription")).isEqualTo(1);
        clock.setInstant(clock.instant().plus(Duration.ofDays(8)));
        assertThat(jmap.sweep()).isEqualTo(1);
    }

    @Test
    void filtersAreThereForTheNextProgramUnderTheNewName() {
        FilteringManagement filters = new EventSourcingFilteringManagement(jmap.events());
        block(filters.defineRulesForUser(AMA, Optional.empty(), RuleFixture.RULE_1));
        block(filters.defineRulesForUser(AMA, Optional.empty(), RuleFixture.RULE_1, RuleFixture.RULE_2));
        Username renamed = TestStore.user("ama.mensah");
        store.owners.rename(AMA.asString(), renamed.asString());
        PostgresJmap next = new PostgresJmap(
                store.connections, store.blobs, store.owners, clock, store.ids, JmapSettings.byDefault());
        try (next) {
            assertThat(block(new EventSourcingFilteringManagement(next.events()).listRulesForUser(renamed))
                            .getRules())
                    .containsExactly(RuleFixture.RULE_1, RuleFixture.RULE_2);
        }
    }

    @Test
    void aPreviewGoesWithItsMessage() throws Exception {
        var inbox = store.mailbox("ama", "INBOX");
        var message = store.append(inbox, "a");
        var previews = jmap.previews(new org.apache.james.metrics.tests.RecordingMetricFactory());
        var view = org.apache.james.jmap.api.projections.MessageFastViewPrecomputedProperties.builder()
                .preview(org.apache.james.jmap.api.model.Preview.from("a\u0000b"))
                .noAttachments()
                .build();
        Mono.from(previews.store(message.getMessageId(), view)).block();
        assertThat(block(previews.retrieve(message.getMessageId())).getPreview().getValue())
                .isEqualTo("ab");
        store.messages.deleteMessages(inbox, List.of(message.getUid()));
        assertThat(store.count("jmap_preview")).isZero();
        Mono.from(previews.store(message.getMessageId(), view)).block();
        assertThat(store.count("jmap_preview")).isZero();
    }

    private static PushSubscriptionCreationRequest device(String id) {
        return new PushSubscriptionCreationRequest(
                id,
                PushSubscriptionServerURL.from("https://push.example.org/" + id).get(),
                Option.empty(),
                Option.empty(),
                CollectionConverters.asScala(List.<org.apache.james.jmap.api.model.TypeName>of())
                        .toSeq());
    }

    private UploadId upload(Username user, int size) {
        return block(jmap.uploads().upload(new ByteArrayInputStream(bytes(size)), ContentType.of("text/plain"), user))
                .uploadId();
    }

    private Upload retrieve(Username user, UploadId id) {
        return block(jmap.uploads().retrieve(id, user));
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    private static <T> T block(Publisher<T> publisher) {
        return Mono.from(publisher).blockOptional().orElseThrow();
    }

    private static <T> List<T> list(Publisher<T> publisher) {
        return Flux.from(publisher).collectList().blockOptional().orElseThrow();
    }
}
