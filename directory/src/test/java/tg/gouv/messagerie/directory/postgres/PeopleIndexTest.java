package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex.After;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex.Page;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.database.Sql;

/** People are found by the beginning of what is known of them, where who asks has a right over people. */
class PeopleIndexTest extends DirectoryTest {
    private static final Optional<EntityCode> ANYWHERE = Optional.empty();

    private PeopleIndex people;

    @BeforeEach
    void provision() {
        people = directories.people();
        provisioning.apply(SmallState.state(Map.of()));
        person("Éyram-Désiré", "d’Almeida", "e.dalmeida", "A-1234/5", SmallState.ENERGY);
        person("Ɖodzi", "N'Guessan", "dodzi.nguessan", "987654", SmallState.BUDGET_SERVICE);
        person("<b>Yao</b>", "Ouro-Bang'na", "yao", "42", SmallState.ENERGY);
        person("سَلام", "שׁלום", "salam", "43", SmallState.ENERGY);
        person("", "Lawson", "lawson", "44", SmallState.ENERGY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kofi|kofi.mensah",
                "MENSÀH  kof|kofi.mensah",
                "mensah|akossiwa.mensah kofi.mensah",
                "almeida|e.dalmeida",
                "dalm|e.dalmeida",
                "d'alm eyr|e.dalmeida",
                "désiré-eyr|e.dalmeida",
                "eyramdes|e.dalmeida",
                "doDz|dodzi.nguessan",
                "nguessan|dodzi.nguessan",
                "n guess|dodzi.nguessan",
                "bangna|yao",
                "<b>yao|yao",
                "a-1234|e.dalmeida",
                "A-1234/5|e.dalmeida",
                "9876|dodzi.nguessan",
                "k.mens|kofi.mensah",
                "Kofi.mensah@gouv.tg|kofi.mensah",
                "سلام|salam",
                "שלום|salam",
                "laws|lawson",
                "ofi|",
                "kofi almeida|",
                "lawson %|lawson",
                "law*|lawson",
                "kof_|kofi.mensah"
            })
    void byWordsInAnyOrderByTheNumberAndByAnyAddress(String text, String expected) {
        provisioning.alias(account(SmallState.KOFI).id(), MailAddress.of("k.mens@gouv.tg"));
        String found = String.join(
                " ",
                people.find(ANYWHERE, text, Optional.empty(), 10).people().stream()
                        .map(each -> each.person().address().localPart())
                        .toList());
        assertThat(found).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "%", "**", "' -- ", "\u202e", "a\u0000b", "\ud800", "\u001b[2J"})
    void whatHasNoWordIsRefusedInASentence(String text) {
        ProvisioningRefused refused = catchThrowableOfType(
                ProvisioningRefused.class, () -> people.find(ANYWHERE, text, Optional.empty(), 10));
        assertThat(refused.reason()).isEqualTo(Reason.NOTHING_SOUGHT);
        assertThat(refused.sentence(Locale.FRENCH)).contains("1 à 100 caractères");
    }

    @Test
    void aTextOfTenThousandCharactersIsRefusedAndOneOfAHundredIsNot() {
        assertThat(catchThrowableOfType(
                                ProvisioningRefused.class,
                                () -> people.find(ANYWHERE, "k".repeat(10_000), Optional.empty(), 10))
                        .reason())
                .isEqualTo(Reason.NOTHING_SOUGHT);
        assertThat(people.find(ANYWHERE, "k ".repeat(50), Optional.empty(), 10).people())
                .hasSize(1);
        assertThat(people.find(ANYWHERE, "ﷺ".repeat(100), Optional.empty(), 10).people())
                .isEmpty();
    }

    @Test
    void whateverTheStateAndAsTheyAreCalledNow() {
        AccountId kofi = account(SmallState.KOFI).id();
        provisioning.state(kofi, Account.State.CLOSED);
        assertThat(found("kofi")).containsExactly("kofi.mensah");
        provisioning.perform(new LifeCycle.Renaming(
                SmallState.KOFI, new PersonName("Koffi", "Amégan"), MailAddress.of("koffi.amegan@gouv.tg")));
        assertThat(found("amegan")).containsExactly("koffi.amegan");
        assertThat(found("kofi mensah")).isEmpty();
        assertThat(found("kofi.mensah@")).as("the former address").containsExactly("koffi.amegan");
    }

    @Test
    void pageByPageInTheOrderOfNamesAndCountedWithinABound() {
        crowd(1_200);
        Page first = people.find(ANYWHERE, "zz", Optional.empty(), 500);
        assertThat(first.counted()).isEqualTo(PeopleIndex.COUNTED_MAX);
        assertThat(first.isMore()).isTrue();
        assertThat(pages("zz", 500)).hasSize(1_200).doesNotHaveDuplicates().isSorted();
        Page few = people.find(ANYWHERE, "zzname1150", Optional.empty(), 500);
        assertThat(few.counted()).isEqualTo(1);
        assertThat(few.isMore()).isFalse();
        assertThat(few.next()).isEmpty();
    }

    @Test
    void manyAreWalkedAndTheSameAreFound() {
        crowd(5_100);
        assertThat(pages("zz", 1_000)).hasSize(5_100).doesNotHaveDuplicates().isSorted();
        assertThat(people.find(ANYWHERE, "zz", Optional.empty(), 10).isMore()).isTrue();
    }

    @Test
    void onlyWhereWhoAsksHasARightOverPeople() {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        give(akossiwa, SmallState.BUDGET_SERVICE, Right.CREDENTIALS);
        assertThat(as(akossiwa, ANYWHERE, "n")).containsExactly("dodzi.nguessan");
        assertThat(as(akossiwa, Optional.of(SmallState.ENERGY), "mensah"))
                .as("what is below")
                .hasSize(2);
        assertThat(as(akossiwa, ANYWHERE, "lawson")).isEmpty();
        assertThat(as(akossiwa, ANYWHERE, "e.dalmeida@gouv.tg")).isEmpty();
        provisioning.apply(SmallState.state(Map.of()));
        provisioning.entity(new Entity(new EntityCode("sante"), "Santé", ANYWHERE));
        trail.events().clear();
        assertThat(refused(akossiwa, Optional.of(new EntityCode("sante")))).isEqualTo(Reason.NO_RIGHT);
        assertThat(trail.events()).singleElement().satisfies(event -> {
            assertThat(event).isInstanceOf(AuditEvent.Refusal.class);
            assertThat(event.subject().text()).isEqualTo("entity:sante");
        });
        assertThat(refused(akossiwa, Optional.of(new EntityCode("nulle-part")))).isEqualTo(Reason.UNKNOWN_ENTITY);
        AccountId kofi = account(SmallState.KOFI).id();
        assertThat(refused(kofi, ANYWHERE)).isEqualTo(Reason.NO_RIGHT_IN_THE_STATE);
        give(kofi, SmallState.ENERGY, Right.ROOMS, Right.STRUCTURE);
        assertThat(refused(kofi, Optional.of(SmallState.ENERGY)))
                .as("rooms are not people")
                .isEqualTo(Reason.NO_RIGHT);
        give(kofi, SmallState.ENERGY, Right.LOOK);
        assertThat(as(kofi, ANYWHERE, "lawson")).containsExactly("lawson");
    }

    private void crowd(int number) {
        look.autoCommit(c -> Sql.update(c, """
                with made as (
                    insert into account(id, kind, state, display_name, made, changed)
                    select gen_random_uuid(), 'person', 'active', 'zzname' || i, now(), now() from generate_series(1, ?) i
                    returning id, display_name),
                addressed as (
                    insert into address(address, account_id, role, since)
                    select display_name || '@gouv.tg', id, 'primary', now() from made)
                insert into person(id, account_id, given_name, family_name, language, made)
                select gen_random_uuid(), id, '', display_name, 'fr', now() from made
                """, number));
    }

    private List<String> pages(String text, int most) {
        List<String> all = new ArrayList<>();
        Optional<After> after = Optional.empty();
        do {
            Page page = people.find(ANYWHERE, text, after.map(After::text).map(After::of), most);
            page.people().forEach(each -> all.add(each.person().name().family()));
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    private List<String> found(String text) {
        return found(ANYWHERE, text);
    }

    private List<String> found(Optional<EntityCode> within, String text) {
        return people.find(within, text, Optional.empty(), 10).people().stream()
                .map(each -> each.person().address().localPart())
                .toList();
    }

    private List<String> as(AccountId actor, Optional<EntityCode> within, String text) {
        List<String> found = new ArrayList<>();
        acting(actor).run(() -> found.addAll(found(within, text)));
        return found;
    }

    private Reason refused(AccountId actor, Optional<EntityCode> within) {
        return catchThrowableOfType(ProvisioningRefused.class, () -> as(actor, within, "a"))
                .reason();
    }

    private Circumstances acting(AccountId actor) {
        return new Circumstances(
                clock.instant(), new Actor.Account(actor.value()), Optional.empty(), new Origin.Here());
    }

    private void person(String given, String family, String local, String number, EntityCode entity) {
        provisioning.person(new Person(
                Optional.of(new Person.RegistrationNumber(number)),
                new PersonName(given, family),
                MailAddress.of(local + "@gouv.tg"),
                Locale.FRENCH,
                Optional.of(entity)));
    }

    private void give(AccountId account, EntityCode entity, Right... given) {
        provisioning.grant(new Grant(
                new Grant.OfAccount(account),
                Set.of(given),
                Optional.of(entity),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }
}
