package tg.gouv.messagerie.directory.imports;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.MailAddress;

/*
 * Rows are looked at twice. First all of them are compared with the directory, and the addresses that rows name are theirs; then those
 * who are new and have none get one by their rule, in the order of the file. So which number a homonym gets depends on the file alone:
 * an import that was interrupted and is begun again gives everybody the address they would have got.
 */
/** What a file of people changes in the directory as it is; the same file and the same directory make the same plan. */
public final class PeoplePlan {
    /** As many warnings of one kind as are told one by one. */
    private static final int WARNINGS_MAX = 1_000;

    /** So few may always be renamed or removed. */
    private static final int FEW = 5;

    private final PeopleFile file;
    private final Present present;
    private final boolean activate;
    private final Instant now;
    private final Map<String, Present.Part> entities;
    private final Map<String, AddressRule> rules = new HashMap<>();
    private final Set<String> domains;
    private final Set<String> positions;
    private final Map<String, Present.Owner> owners;
    private final Predicate<MailAddress> reserved;
    private final Map<String, KnownPerson> people;
    private final Map<String, Integer> named = new HashMap<>();
    private final Map<String, Set<String>> localParts = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<PersonChange> changes = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Problem.Kind, Integer> warnings = new EnumMap<>(Problem.Kind.class);
    private int unchanged;

    private PeoplePlan(PeopleFile file, Mapping mapping, Present present, boolean activate, Instant now) {
        this.file = file;
        this.present = present;
        this.activate = activate;
        this.now = now;
        this.entities = present.entities();
        this.domains = present.domains();
        mapping.addresses().forEach(each -> rules.put(each.entity().orElse(""), AddressRule.parse(each.rule())));
        Set<String> codes = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        List<String> wanted = new ArrayList<>();
        for (PersonRow row : file.rows()) {
            wanted.add(row.number());
            row.positions().ifPresent(held -> held.forEach(it -> codes.add(it.code())));
            addresses.addAll(row.aliases());
            addresses.add(row.address());
        }
        addresses.remove("");
        this.positions = present.positions(codes);
        this.owners = present.owners(addresses);
        this.reserved = present.reserved();
        this.people = present.people(wanted);
    }

    /**
     * Compares a file with the directory.
     *
     * @param asked what whoever imports may do
     * @param activate whether the accounts of new people are active at once
     * @param now when positions begin and end for which nothing is said
     */
    public static PeoplePlan of(
            PeopleFile file, Mapping mapping, Present present, Permits.Asked asked, boolean activate, Instant now) {
        PeoplePlan plan = new PeoplePlan(file, mapping, present, activate, now);
        plan.problems.addAll(file.problems());
        List<PersonChange> all = new ArrayList<>();
        for (PersonRow row : file.rows()) {
            plan.change(row).ifPresent(all::add);
        }
        List<PersonChange> addressed = new ArrayList<>();
        for (PersonChange each : all) {
            plan.addressed(each).ifPresent(addressed::add);
        }
        Permits permits = asked.of(addressed);
        for (PersonChange each : addressed) {
            permits.refusal(each).ifPresentOrElse(why -> plan.notAllowed(each, why), () -> plan.changes.add(each));
        }
        plan.compareNames(permits);
        plan.problems.sort(Comparator.comparingInt(Problem::line));
        return plan;
    }

    /** What changes, in the order of the file; rows that change nothing are absent. */
    public List<PersonChange> changes() {
        return changes;
    }

    /** What is wrong or strange, by line. */
    public List<Problem> problems() {
        return problems;
    }

    /** How many warnings of each kind there are, those included that are not told one by one. */
    public Map<Problem.Kind, Integer> warnings() {
        return warnings;
    }

    /** How many rows find everything as they say. */
    public int unchanged() {
        return unchanged;
    }

    /** The lines that are not imported. */
    public Set<Integer> refusedLines() {
        Set<Integer> lines = new TreeSet<>();
        problems.stream().filter(Problem::refuses).forEach(it -> lines.add(it.row()));
        return lines;
    }

    /**
     * Looks whether more of the people would be renamed or removed than an import may.
     *
     * @throws ImportRefused if so
     */
    public void refuseTooMuch() {
        long renamed = changes.stream().filter(PersonChange::renames).count();
        long removed = changes.stream().filter(PersonChange::removes).count();
        long all = present.count();
        if (renamed + removed > FEW && (renamed + removed) * 50 > all) {
            throw new ImportRefused(ImportRefused.Reason.TOO_MUCH, renamed, removed, all);
        }
    }

    /** The change a row makes; a new person who gets an address by a rule has none yet. */
    private Optional<PersonChange> change(PersonRow row) {
        Optional<KnownPerson> known = Optional.ofNullable(people.get(row.number()));
        String entity = kept(row.entity(), known.map(KnownPerson::entity));
        if (!entity.isEmpty() && !row.entity().isEmpty() && !entities.containsKey(entity)) {
            return wrong(row, Problem.Kind.UNKNOWN_ENTITY, PersonColumn.ENTITY, entity);
        }
        for (HeldPosition each : row.positions().orElse(List.of())) {
            if (!positions.contains(each.code())) {
                return wrong(row, Problem.Kind.UNKNOWN_POSITION, PersonColumn.POSITIONS, each.code());
            }
        }
        String given = kept(row.given(), known.map(KnownPerson::given));
        String family = kept(row.family(), known.map(KnownPerson::family));
        if (family.isEmpty()) {
            family = given; // of one name
            given = "";
        }
        if (family.isEmpty()) {
            return wrong(row, Problem.Kind.NAME_MISSING, PersonColumn.FAMILY, "");
        }
        String state = row.state().isEmpty()
                ? known.map(KnownPerson::state).orElse(activate ? "active" : "created")
                : row.state();
        if (state.equals("created")
                && known.filter(it -> !it.state().equals("created")).isPresent()) {
            return wrong(row, Problem.Kind.BAD_STATE, PersonColumn.STATE, state);
        }
        if (!mayHave(row, known, PersonColumn.ADDRESS, row.address())) {
            return Optional.empty();
        }
        for (String alias : row.aliases()) {
            if (!mayHave(row, known, PersonColumn.ALIASES, alias)) {
                return Optional.empty();
            }
        }
        Optional<Assignments> assignments = assignments(row, known);
        if (assignments.isEmpty()) {
            return Optional.empty();
        }
        row.aliases().forEach(it -> named.put(it, row.line()));
        if (!row.address().isEmpty()) {
            named.put(row.address(), row.line());
        }
        String primary =
                row.address().isEmpty() ? known.map(KnownPerson::primary).orElse("") : row.address();
        Map<String, String> roles = known.map(KnownPerson::addresses).orElse(Map.of());
        Set<String> aliases = new LinkedHashSet<>(row.aliases());
        aliases.removeIf(it -> it.equals(primary)
                || roles.getOrDefault(it, "").equals("alias")
                || roles.getOrDefault(it, "").equals("primary"));
        PersonChange change = new PersonChange(
                row.line(),
                known,
                row.number(),
                given,
                family,
                kept(row.language(), known.map(KnownPerson::language).or(() -> Optional.of("fr"))),
                entity,
                state,
                primary,
                List.copyOf(aliases),
                assignments.get().begun(),
                assignments.get().altered(),
                known.filter(KnownPerson::secret).isPresent() ? "" : row.hash());
        if (!change.isAny()) {
            unchanged++;
            return Optional.empty();
        }
        return Optional.of(change);
    }

    private static String kept(String written, Optional<String> known) {
        return written.isEmpty() ? known.orElse("") : written.equals(PersonRow.NOTHING) ? "" : written;
    }

    /** Whether an address that a row names can be the person's. */
    private boolean mayHave(PersonRow row, Optional<KnownPerson> known, PersonColumn column, String address) {
        if (address.isEmpty()) {
            return true;
        }
        String domain = address.substring(address.lastIndexOf('@') + 1);
        if (!domains.contains(domain)) {
            wrong(row, Problem.Kind.DOMAIN_NOT_OURS, column, domain);
            return false;
        }
        Present.Owner owner = owners.get(address);
        if (owner != null
                && known.filter(it -> it.account().equals(owner.account())).isEmpty()) {
            problems.add(new Problem(
                    Problem.Kind.ADDRESS_TAKEN, row.line(), row.line(), file.title(column), address, 0, owner.name()));
            return false;
        }
        Integer other = named.get(address);
        if (other != null && other != row.line()) {
            problems.add(new Problem(
                    Problem.Kind.ADDRESS_TWICE, row.line(), row.line(), file.title(column), address, other, ""));
            return false;
        }
        return true;
    }

    private record Assignments(List<HeldPosition> begun, List<KnownPerson.Held> altered) {}

    private Optional<Assignments> assignments(PersonRow row, Optional<KnownPerson> known) {
        if (row.positions().isEmpty()) {
            return Optional.of(new Assignments(List.of(), List.of()));
        }
        List<KnownPerson.Held> left =
                new ArrayList<>(known.map(KnownPerson::held).orElse(List.of()));
        List<HeldPosition> begun = new ArrayList<>();
        List<KnownPerson.Held> altered = new ArrayList<>();
        for (HeldPosition wanted : row.positions().get()) {
            Optional<KnownPerson.Held> held =
                    left.stream().filter(it -> isMeant(it, wanted)).findFirst();
            held.ifPresent(left::remove);
            Instant starts = wanted.from() != null
                    ? wanted.from()
                    : held.map(KnownPerson.Held::starts).orElse(now);
            @Nullable
            Instant ends = wanted.until() != null
                    ? wanted.until()
                    : held.map(KnownPerson.Held::ends).orElse(null);
            if (ends != null && !ends.isAfter(starts)) {
                return wrong(row, Problem.Kind.BAD_PERIOD, PersonColumn.POSITIONS, Dates.written(ends));
            }
            if (held.isEmpty()) {
                begun.add(new HeldPosition(wanted.code(), starts, ends));
            } else {
                KnownPerson.Held wantedSo = new KnownPerson.Held(held.get().id(), wanted.code(), starts, ends);
                if (!wantedSo.equals(held.get())) {
                    altered.add(wantedSo);
                }
            }
        }
        for (KnownPerson.Held each : left) {
            if (each.lasts(now)) {
                Instant over = each.starts().isBefore(now) ? now : each.starts();
                altered.add(new KnownPerson.Held(each.id(), each.code(), each.starts(), over));
            }
        }
        return Optional.of(new Assignments(begun, altered));
    }

    private boolean isMeant(KnownPerson.Held held, HeldPosition wanted) {
        return held.code().equals(wanted.code())
                && (held.lasts(now)
                        || held.starts().equals(wanted.from())
                        || (held.ends() != null && held.ends().equals(wanted.until())));
    }

    /** The change with an address: that of the row, or one by the rule. */
    private Optional<PersonChange> addressed(PersonChange change) {
        if (!change.primary().isEmpty()) {
            return Optional.of(change);
        }
        Optional<AddressRule> rule = rule(change.entity());
        if (rule.isEmpty()) {
            return wrong(change.line(), Problem.Kind.NO_RULE, PersonColumn.ENTITY, change.entity());
        }
        String domain = rule.get().domain();
        if (!domains.contains(domain)) {
            return wrong(change.line(), Problem.Kind.DOMAIN_NOT_OURS, PersonColumn.ADDRESS, domain);
        }
        Set<String> taken = localParts.computeIfAbsent(domain, present::localParts);
        Optional<MailAddress> address = rule.get()
                .address(
                        change.given(),
                        change.family(),
                        it -> taken.contains(it.localPart()) || named.containsKey(it.toString()) || reserved.test(it),
                        numbers);
        if (address.isEmpty()) {
            return wrong(change.line(), Problem.Kind.NO_ADDRESS, PersonColumn.FAMILY, change.display());
        }
        taken.add(address.get().localPart());
        return Optional.of(new PersonChange(
                change.line(),
                change.before(),
                change.number(),
                change.given(),
                change.family(),
                change.language(),
                change.entity(),
                change.state(),
                address.get().toString(),
                change.aliases(),
                change.begun(),
                change.altered(),
                change.hash()));
    }

    /** The rule of the entity or of the nearest one above it; this import's before the directory's, and the one for everybody last. */
    private Optional<AddressRule> rule(String entity) {
        String at = entity;
        for (int depth = 0; depth < 100 && !at.isEmpty(); depth++) {
            if (rules.containsKey(at)) {
                return Optional.of(rules.get(at));
            }
            Present.Part part = entities.get(at);
            if (part == null) {
                break;
            }
            if (part.rule().isPresent()) {
                return part.rule();
            }
            at = part.parent().orElse("");
        }
        return Optional.ofNullable(rules.get(""));
    }

    private record Seen(int line, String number, String entity) {}

    private void notAllowed(PersonChange change, Permits.Refusal why) {
        problems.add(new Problem(
                why.kind(), change.line(), change.line(), file.title(why.column()), why.value(), 0, why.where()));
    }

    /** Tells who has the names of somebody else; the number of somebody else is private. */
    private void compareNames(Permits permits) {
        Map<String, Seen> first = new HashMap<>();
        Map<String, Seen> sameEntity = new HashMap<>();
        List<PersonChange> made =
                changes.stream().filter(it -> it.before().isEmpty()).toList();
        Set<String> wanted = new HashSet<>();
        made.forEach(it -> wanted.add(key(it.given(), it.family())));
        if (wanted.isEmpty()) {
            return;
        }
        present.everybody((number, given, family, entity) -> {
            String key = key(given, family);
            if (wanted.contains(key)) {
                Seen seen = new Seen(0, permits.sees(entity) ? number : "", entity);
                first.putIfAbsent(key, seen);
                sameEntity.putIfAbsent(key + "@" + entity, seen);
            }
        });
        for (PersonChange each : made) {
            String key = key(each.given(), each.family());
            Seen seen = new Seen(each.line(), each.number(), each.entity());
            Seen other = first.putIfAbsent(key, seen);
            Seen twin = sameEntity.putIfAbsent(key + "@" + each.entity(), seen);
            if (twin != null && !each.entity().isEmpty()) {
                warn(Problem.Kind.LIKELY_DUPLICATE, each, twin);
            } else if (other != null) {
                warn(Problem.Kind.HOMONYM, each, other);
            }
        }
    }

    private static String key(String given, String family) {
        return Fold.compared(given) + "." + Fold.compared(family);
    }

    private void warn(Problem.Kind kind, PersonChange change, Seen other) {
        if (warnings.merge(kind, 1, Integer::sum) <= WARNINGS_MAX) {
            problems.add(new Problem(
                    kind,
                    change.line(),
                    change.line(),
                    file.title(PersonColumn.FAMILY),
                    change.display(),
                    other.line(),
                    other.number().isEmpty() ? "?" : other.number()));
        }
    }

    private <T> Optional<T> wrong(PersonRow row, Problem.Kind kind, PersonColumn column, String value) {
        return wrong(row.line(), kind, column, value);
    }

    private <T> Optional<T> wrong(int line, Problem.Kind kind, PersonColumn column, String value) {
        problems.add(Problem.of(kind, line, file.title(column), value));
        return Optional.empty();
    }
}
