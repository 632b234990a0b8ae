package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.james.sieverepository.api.exception.QuotaExceededException;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Forwards;
import tg.gouv.messagerie.mail.filters.FilterText;
import tg.gouv.messagerie.mail.filters.ManageSieveSettings;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Forwards as lines of the active script; who has none gets one of this name. */
final class PostgresForwards implements Forwards {
    private static final String NAME = "Mon compte";

    private final Connections connections;
    private final Directory directory;
    private final ManageSieveSettings settings;
    private final ToldRedirects told;
    private final InstantSource clock;

    PostgresForwards(
            Connections connections,
            Directory directory,
            AuditTrail trail,
            ManageSieveSettings settings,
            InstantSource clock) {
        this.connections = connections;
        this.directory = directory;
        this.settings = settings;
        this.told = new ToldRedirects(trail, clock);
        this.clock = clock;
    }

    @Override
    public Now of(AccountId owner) {
        Optional<ActiveFilter> active = active(owner);
        return new Now(
                active.flatMap(it -> it.text().forward()),
                active.map(ActiveFilter::name),
                active.map(it -> others(it.text())).orElse(List.of()));
    }

    private Optional<ActiveFilter> active(AccountId owner) {
        return connections.autoCommit(c -> ActiveFilter.of(c, owner.value()));
    }

    private static List<String> others(FilterText text) {
        return text.forward().isPresent() ? text.without().redirects() : text.redirects();
    }

    @Override
    public boolean allowsOutside() {
        return settings.redirectsOutside();
    }

    @Override
    public boolean isOutside(MailAddress address) {
        return !directory.domains().contains(address.domain());
    }

    @Override
    public Outcome rehearse(Account owner, Forward forward) {
        Optional<Outcome> refused = refused(owner, forward);
        return refused.orElseGet(() -> active(owner.id())
                .map(it -> fits(it.text(), forward))
                .orElseGet(() -> fits(new FilterText(""), forward)));
    }

    private Optional<Outcome> refused(Account owner, Forward forward) {
        return forward.to().stream()
                .flatMap(it -> why(owner, it).map(why -> new Outcome.Refused(why, it)).stream())
                .<Outcome>map(it -> it)
                .findFirst();
    }

    private Optional<Why> why(Account owner, MailAddress address) {
        if (owner.addresses().contains(address.withoutDetail())) {
            return Optional.of(Why.OWN);
        }
        if (isOutside(address)) {
            return settings.redirectsOutside() ? Optional.empty() : Optional.of(Why.OUTSIDE);
        }
        Optional<Account> target = directory.byAddress(address);
        if (target.isEmpty()) {
            return Optional.of(Why.NOBODY);
        }
        if (target.get().id().equals(owner.id())) {
            return Optional.of(Why.OWN); // a former address
        }
        boolean comesBack = active(target.get().id()).stream()
                .flatMap(it -> it.text().redirects().stream())
                .flatMap(it -> MailAddress.parse(it).stream())
                .anyMatch(it -> owner.addresses().contains(it.withoutDetail()));
        return comesBack ? Optional.of(Why.COMES_BACK) : Optional.empty();
    }

    private Outcome fits(FilterText text, Forward forward) {
        long addresses = Stream.concat(
                        others(text).stream(), forward.to().stream().map(MailAddress::toString))
                .distinct()
                .count();
        return addresses > settings.redirectsMax() ? new Outcome.TooMany(settings.redirectsMax()) : new Outcome.Done();
    }

    @Override
    public Outcome set(Account owner, Forward forward) {
        return refused(owner, forward)
                .orElseGet(() -> connections.<Outcome, RuntimeException>transaction(c -> {
                    UUID id = owner.id().value();
                    lock(c, id);
                    return told.told(c, id, () -> set(c, id, forward));
                }));
    }

    private Outcome set(Connection c, UUID owner, Forward forward) throws SQLException {
        Optional<ActiveFilter> active = ActiveFilter.of(c, owner);
        String name = active.isPresent() ? active.get().name() : free(c, owner);
        FilterText before = active.map(ActiveFilter::text).orElseGet(() -> new FilterText(""));
        if (fits(before, forward) instanceof Outcome.TooMany tooMany) {
            return tooMany;
        }
        byte[] content = before.with(forward).text().getBytes(StandardCharsets.UTF_8);
        int beside = Sql.first(
                        c,
                        row -> row.getInt(1),
                        "select count(*) from sieve_script where owner_id = ? and name <> ?",
                        owner,
                        name)
                .orElseThrow();
        try {
            settings.scripts().demand(beside, content.length);
        } catch (QuotaExceededException _) {
            return new Outcome.NoRoom();
        }
        Sql.update(c, """
                insert into sieve_script(owner_id, name, content, activated) values (?, ?, ?, ?)
                on conflict (owner_id, name) do update set content = excluded.content,
                    activated = coalesce(sieve_script.activated, excluded.activated)
                """, owner, name, content, clock.instant().atOffset(ZoneOffset.UTC));
        return new Outcome.Done();
    }

    /** A name that no script of the account has which does anything but forward. */
    private static String free(Connection c, UUID owner) throws SQLException {
        List<String> taken = Sql.query(
                        c,
                        row -> new ActiveFilter(row.getString(1), ActiveFilter.text(row.getBytes(2))),
                        "select name, content from sieve_script where owner_id = ?",
                        owner)
                .stream()
                .filter(it -> !it.text().without().isBlank())
                .map(ActiveFilter::name)
                .toList();
        String name = NAME;
        for (int i = 2; taken.contains(name); i++) {
            name = NAME + " " + i;
        }
        return name;
    }

    @Override
    public boolean stop(AccountId owner) {
        UUID id = owner.value();
        return connections.<Boolean, RuntimeException>transaction(c -> {
            lock(c, id);
            return told.told(c, id, () -> stop(c, id));
        });
    }

    private static boolean stop(Connection c, UUID owner) throws SQLException {
        Optional<ActiveFilter> active =
                ActiveFilter.of(c, owner).filter(it -> it.text().forward().isPresent());
        if (active.isEmpty()) {
            return false;
        }
        FilterText rest = active.get().text().without();
        if (rest.isBlank()) {
            Sql.update(
                    c,
                    "delete from sieve_script where owner_id = ? and name = ?",
                    owner,
                    active.get().name());
        } else {
            Sql.update(
                    c,
                    "update sieve_script set content = ? where owner_id = ? and name = ?",
                    rest.text().getBytes(StandardCharsets.UTF_8),
                    owner,
                    active.get().name());
        }
        return true;
    }

    /** As {@link PostgresSieveRepository} does: nobody else changes the account's filters meanwhile. */
    private static void lock(Connection c, UUID owner) throws SQLException {
        Sql.update(c, "insert into sieve_owner(owner_id) values (?) on conflict do nothing", owner);
        Sql.query(c, row -> 1, "select from sieve_owner where owner_id = ? for update", owner);
    }
}
