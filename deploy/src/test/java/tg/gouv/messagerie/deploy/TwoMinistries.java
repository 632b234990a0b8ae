package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * The whole program of a State of two ministries: {@code focal} administers the one of health and what is below it, {@code autre} the one of
 * finances; {@code simple} administers nothing.
 */
final class TwoMinistries implements AutoCloseable {
    private static final String SECRET = "la pirogue revient au soir";

    private final TestProgram running;

    TwoMinistries(Path folder) throws IOException {
        this(folder, "", 100);
    }

    /**
     * The State.
     *
     * @param settings more tables of its settings
     * @param budget how many accounts each focal point may have in their ministry
     */
    TwoMinistries(Path folder, String settings, int budget) throws IOException {
        running = new TestProgram(folder, settings);
        program().provisioning().domain("gouv.tg");
        entity("sante", "Santé", Optional.empty());
        entity("sante.sud", "Santé Sud", Optional.of(new EntityCode("sante")));
        entity("finances", "Finances", Optional.empty());
        grant(person("focal", "Point", "Focal", "sante"), "sante", budget);
        grant(person("autre", "Autre", "Focal", "finances"), "finances", budget);
        person("simple", "Simple", "Agent", "sante");
    }

    /** Makes an entity. */
    void entity(String code, String name, Optional<EntityCode> parent) {
        program().provisioning().entity(new Entity(new EntityCode(code), name, parent));
    }

    private void grant(AccountId account, String entity, int budget) {
        program()
                .provisioning()
                .grant(new Grant(
                        new Grant.OfAccount(account),
                        Set.of(Right.values()),
                        Optional.of(new EntityCode(entity)),
                        OptionalInt.of(budget),
                        Optional.empty(),
                        Optional.empty()));
    }

    Program program() {
        return running.program();
    }

    /** For what a test looks up behind the program's back. */
    TestProgram running() {
        return running;
    }

    /** Makes a person who can sign in. */
    AccountId person(String local, String given, String family, String entity) {
        AccountId account = program()
                .provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(given, family),
                        MailAddress.of(local + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode(entity))));
        program().provisioning().password(account, new Secret(SECRET));
        return account;
    }

    TextBrowser signedIn(String local) {
        TextBrowser browser = new TextBrowser(program());
        browser.go("/compte").send("/entrer", Map.of("adresse", local + "@gouv.tg", "mot-de-passe", SECRET));
        assertThat(browser.place()).isEqualTo("/compte");
        return browser;
    }

    @Override
    public void close() {
        running.close();
    }
}
