package tg.gouv.messagerie.directory.imports;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Person.RegistrationNumber;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.signin.PasswordHashes;

/** A file of people: the rows that can be read, and what is wrong with the others. Looks at the file alone. */
public final class PeopleFile implements ImportFile {
    private final Rows reader;
    private final Header header;
    private final int rowsMax;
    private final List<PersonRow> rows = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final RefusedRows refused;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, String> words = new HashMap<>();
    private int read;

    private PeopleFile(Rows reader, Header header, RefusedRows refused, int rowsMax) {
        this.reader = reader;
        this.rowsMax = rowsMax;
        this.header = header;
        this.refused = refused;
    }

    /**
     * Reads a file to its end.
     *
     * @param header its first row, which was read already
     * @param rowsMax more rows are refused
     * @throws ImportRefused if it is none of people
     */
    public static PeopleFile read(CsvRow header, CsvReader reader, Mapping mapping, int rowsMax) throws IOException {
        Header ours = Header.of(header, mapping);
        return new PeopleFile(reader, ours, new RefusedRows(ours.titles()), rowsMax).read();
    }

    /**
     * Reads the people of a file of LDIF to its end.
     *
     * @param rowsMax more people are refused
     */
    public static PeopleFile read(LdifReader reader, int rowsMax) throws IOException {
        List<String> titles =
                Arrays.stream(PersonColumn.values()).map(PersonColumn::title).toList();
        PeopleFile file = new PeopleFile(reader, reader.header(), new RefusedRows(titles), rowsMax).read();
        if (reader.others() > 0) {
            file.problems.add(Problem.of(
                    Problem.Kind.NOT_PEOPLE, reader.firstOther(), "objectClass", String.valueOf(reader.others())));
        }
        return file;
    }

    private PeopleFile read() throws IOException {
        for (Optional<CsvRow> row = reader.next(); row.isPresent(); row = reader.next()) {
            add(row.get());
        }
        words.clear();
        return this;
    }

    /** The rows that can be imported as far as the file alone tells, in its order. */
    public List<PersonRow> rows() {
        return rows;
    }

    /** What is wrong with others. */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public int count() {
        return read;
    }

    @Override
    public String encoding() {
        return reader.encoding();
    }

    @Override
    public char delimiter() {
        return reader.delimiter();
    }

    @Override
    public Format format() {
        return reader.format();
    }

    /** What the file calls a column. */
    public String title(PersonColumn column) {
        return header.title(column);
    }

    @Override
    public String refusedHeader() {
        return refused.header(delimiter());
    }

    @Override
    public String refusedRow(int line, String why) {
        return refused.row(line, why, delimiter());
    }

    private void add(CsvRow row) {
        if (row.fault().isEmpty() && CsvText.isComment(header.cell(row, PersonColumn.NUMBER))) {
            return;
        }
        if (++read > rowsMax) {
            throw new ImportRefused(ImportRefused.Reason.TOO_MANY_ROWS, String.valueOf(rowsMax));
        }
        int before = problems.size();
        Optional<PersonRow> person = person(row);
        if (person.isPresent() && problems.size() == before) {
            rows.add(person.get());
        }
        refused.add(row);
    }

    @Override
    public void keepOnly(Set<Integer> lines) {
        refused.keepOnly(lines);
    }

    private Optional<PersonRow> person(CsvRow row) {
        if (row.fault().isPresent()) {
            CsvRow.Fault fault = row.fault().get();
            problems.add(Problem.of(row, fault, header.title(fault.column())));
            return Optional.empty();
        }
        int last = row.cells().size();
        if (last > header.titles().size() && !row.cells().get(last - 1).isBlank()) {
            problems.add(Problem.of(
                    Problem.Kind.TOO_MANY_CELLS,
                    row,
                    last - 1,
                    String.valueOf(last),
                    row.cells().get(last - 1)));
            return Optional.empty();
        }
        for (PersonColumn column : PersonColumn.values()) {
            Integer place = header.places().get(column);
            if (place != null && CsvText.isFormula(row.cell(place))) {
                return wrong(row, Problem.Kind.FORMULA, column, row.cell(place));
            }
        }
        Optional<String> number = number(row);
        Optional<Names> names = names(row);
        Optional<String> language = language(row);
        Optional<Held> held = held(row);
        Optional<String> address = address(row, PersonColumn.ADDRESS, header.cell(row, PersonColumn.ADDRESS));
        Optional<List<String>> aliases = aliases(row);
        Optional<String> state = state(row);
        Optional<String> hash = hash(row);
        if (number.isEmpty()
                || names.isEmpty()
                || language.isEmpty()
                || held.isEmpty()
                || address.isEmpty()
                || aliases.isEmpty()
                || state.isEmpty()
                || hash.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PersonRow(
                row.line(),
                number.get(),
                names.get().given(),
                names.get().family(),
                language.get(),
                word(header.cell(row, PersonColumn.ENTITY)),
                held.get().positions(),
                address.get(),
                aliases.get(),
                state.get(),
                hash.get()));
    }

    private Optional<String> number(CsvRow row) {
        String number = header.cell(row, PersonColumn.NUMBER);
        if (number.isEmpty()) {
            return wrong(row, Problem.Kind.NUMBER_MISSING, PersonColumn.NUMBER, "");
        }
        try {
            new RegistrationNumber(number);
        } catch (ProvisioningRefused e) {
            return wrong(row, Problem.Kind.BAD_NUMBER, PersonColumn.NUMBER, number);
        }
        Integer other = numbers.putIfAbsent(number, row.line());
        if (other != null) {
            problems.add(new Problem(
                    Problem.Kind.NUMBER_TWICE,
                    row.line(),
                    line(row, PersonColumn.NUMBER),
                    header.title(PersonColumn.NUMBER),
                    number,
                    other,
                    ""));
            return Optional.empty();
        }
        return Optional.of(number);
    }

    private record Names(String given, String family) {}

    private Optional<Names> names(CsvRow row) {
        String given = header.cell(row, PersonColumn.GIVEN);
        String family = header.cell(row, PersonColumn.FAMILY);
        Optional<String> first = name(row, PersonColumn.GIVEN, given);
        Optional<String> last = name(row, PersonColumn.FAMILY, family);
        return first.isPresent() && last.isPresent()
                ? Optional.of(new Names(first.get(), last.get()))
                : Optional.empty();
    }

    private Optional<String> name(CsvRow row, PersonColumn column, String name) {
        if (name.isEmpty() || name.equals(PersonRow.NOTHING)) {
            return Optional.of(name);
        }
        try {
            return Optional.of(new PersonName(name, name).family());
        } catch (ProvisioningRefused e) {
            return wrong(row, Problem.Kind.BAD_NAME, column, name);
        }
    }

    private Optional<String> language(CsvRow row) {
        String written = header.cell(row, PersonColumn.LANGUAGE).toLowerCase(Locale.ROOT);
        return switch (written) {
            case "" -> Optional.of("");
            case "fr", "français", "francais", "french" -> Optional.of("fr");
            case "en", "anglais", "english" -> Optional.of("en");
            default -> wrong(row, Problem.Kind.BAD_LANGUAGE, PersonColumn.LANGUAGE, written);
        };
    }

    private Optional<String> state(CsvRow row) {
        String written = header.cell(row, PersonColumn.STATE).toLowerCase(Locale.ROOT);
        return switch (written) {
            case "", "active", "suspended", "closed", "created" -> Optional.of(written);
            case "actif" -> Optional.of("active");
            case "suspendu" -> Optional.of("suspended");
            case "ferme", "fermé" -> Optional.of("closed");
            case "cree", "créé" -> Optional.of("created");
            default -> wrong(row, Problem.Kind.BAD_STATE, PersonColumn.STATE, written);
        };
    }

    private Optional<String> hash(CsvRow row) {
        String hash = header.cell(row, PersonColumn.HASH);
        return hash.isEmpty() || PasswordHashes.canBring(hash)
                ? Optional.of(hash)
                : wrong(row, Problem.Kind.BAD_HASH, PersonColumn.HASH, "…");
    }

    private record Held(Optional<List<HeldPosition>> positions) {}

    /** {@code directeur-budget}, with the columns of its dates; or several, {@code agent=2026-01-01/2026-12-31 chef}. */
    private Optional<Held> held(CsvRow row) {
        String cell = header.cell(row, PersonColumn.POSITIONS);
        Optional<Moment> from = moment(row, PersonColumn.FROM, header.cell(row, PersonColumn.FROM));
        Optional<Moment> until = moment(row, PersonColumn.UNTIL, header.cell(row, PersonColumn.UNTIL));
        if (from.isEmpty() || until.isEmpty()) {
            return Optional.empty();
        }
        if (cell.isEmpty()) {
            return Optional.of(new Held(Optional.empty()));
        }
        List<HeldPosition> positions = new ArrayList<>();
        if (!cell.equals(PersonRow.NOTHING)) {
            for (String each : cell.split("\\s+", -1)) {
                Optional<HeldPosition> position = position(row, each, from.get(), until.get());
                if (position.isEmpty()) {
                    return Optional.empty();
                }
                positions.add(position.get());
            }
        }
        return Optional.of(new Held(Optional.of(positions)));
    }

    private Optional<HeldPosition> position(CsvRow row, String text, Moment from, Moment until) {
        int equals = text.indexOf('=');
        String code = equals < 0 ? text : text.substring(0, equals);
        Optional<Moment> begins = Optional.of(from);
        Optional<Moment> ends = Optional.of(until);
        if (equals >= 0) {
            String period = text.substring(equals + 1);
            int slash = period.indexOf('/');
            begins = moment(row, PersonColumn.POSITIONS, slash < 0 ? period : period.substring(0, slash));
            ends = moment(row, PersonColumn.POSITIONS, slash < 0 ? "" : period.substring(slash + 1));
        }
        if (begins.isEmpty() || ends.isEmpty()) {
            return Optional.empty();
        }
        try {
            new PositionCode(code);
        } catch (IllegalArgumentException e) {
            return wrong(row, Problem.Kind.BAD_CODE, PersonColumn.POSITIONS, code);
        }
        @Nullable Instant starts = begins.get().at();
        @Nullable Instant over = ends.get().at();
        if (starts != null && over != null && !over.isAfter(starts)) {
            return wrong(
                    row,
                    Problem.Kind.BAD_PERIOD,
                    equals < 0 ? PersonColumn.UNTIL : PersonColumn.POSITIONS,
                    Dates.written(over));
        }
        return Optional.of(new HeldPosition(word(code), starts, over));
    }

    private record Moment(@Nullable Instant at) {}

    private Optional<Moment> moment(CsvRow row, PersonColumn column, String text) {
        if (text.isEmpty()) {
            return Optional.of(new Moment(null));
        }
        Optional<Instant> read = Dates.read(text);
        return read.isPresent() ? Optional.of(new Moment(read.get())) : wrong(row, Problem.Kind.BAD_DATE, column, text);
    }

    private Optional<String> address(CsvRow row, PersonColumn column, String text) {
        if (text.isEmpty()) {
            return Optional.of("");
        }
        Optional<MailAddress> address = MailAddress.parse(text)
                .filter(it -> it.localPart().indexOf('+') < 0 && it.localPart().indexOf('*') < 0);
        if (address.isEmpty()) {
            return wrong(row, Problem.Kind.BAD_ADDRESS, column, text);
        }
        if (AddressRule.isReserved(address.get().localPart())) {
            return wrong(row, Problem.Kind.RESERVED_ADDRESS, column, text);
        }
        return Optional.of(address.get().toString());
    }

    private Optional<List<String>> aliases(CsvRow row) {
        String cell = header.cell(row, PersonColumn.ALIASES);
        List<String> aliases = new ArrayList<>();
        if (!cell.isEmpty()) {
            for (String each : cell.split("[\\s,;|]+", -1)) {
                Optional<String> alias = address(row, PersonColumn.ALIASES, each);
                if (alias.isEmpty()) {
                    return Optional.empty();
                }
                aliases.add(alias.get());
            }
        }
        return Optional.of(aliases);
    }

    /** One text for all that are equal: codes come again and again. */
    private String word(String text) {
        return words.computeIfAbsent(text, it -> it);
    }

    private <T> Optional<T> wrong(CsvRow row, Problem.Kind kind, PersonColumn column, String value) {
        problems.add(new Problem(kind, row.line(), line(row, column), header.title(column), value, 0, ""));
        return Optional.empty();
    }

    private int line(CsvRow row, PersonColumn column) {
        Integer place = header.places().get(column);
        return place == null ? row.line() : row.line(place);
    }
}
