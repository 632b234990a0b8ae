package tg.gouv.messagerie.directory.imports;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/*
 * What other directories write (slapcat, ldapsearch, 389 Directory Server, Active Directory) has entries that are nobody, and values that
 * are nothing to us, of any size: they are read over, never kept. Each line is kept as far as a value may be long.
 */
/**
 * Reads the people of an LDIF file (RFC 2849), an entry as a row that has a cell for each {@link PersonColumn}. Only entries that are added
 * are taken. Our attributes, or those that a mapping names, are read; entries of no person are counted.
 */
public final class LdifReader implements Rows {
    private static final int VALUE_BYTES_MAX = 4 * 1024;

    /** In base64, and the attribute's name. */
    private static final int LINE_BYTES_KEPT = VALUE_BYTES_MAX * 2;

    private static final int ENTRY_BYTES_MAX = 64 * 1024;

    /** How much of the beginning tells that it is LDIF. */
    private static final int LOOK_BYTES = 64 * 1024;

    private static final Pattern BEGINS = Pattern.compile("(?i)(version:\\s*1\\s*|dn::?.*)");

    /** What ldapsearch writes after its entries. */
    private static final Set<String> NO_ENTRY = Set.of("search", "result", "ref", "control", "pagedresults");

    private static final Set<String> PERSON = Set.of("person", "organizationalperson", "inetorgperson", "gouvperson");

    /** {@code ou=budget,ou=entities,dc=gouv,dc=tg} means budget. */
    private static final Pattern NAME = Pattern.compile("(?i)(?:ou|cn)=([^,=+\\\\]+),.*");

    private static final Map<PersonColumn, List<String>> ATTRIBUTES = Map.ofEntries(
            Map.entry(PersonColumn.NUMBER, List.of("employeeNumber")),
            Map.entry(PersonColumn.GIVEN, List.of("givenName")),
            Map.entry(PersonColumn.FAMILY, List.of("sn")),
            Map.entry(PersonColumn.ENTITY, List.of("departmentNumber", "gouvEntityDN")),
            Map.entry(PersonColumn.POSITIONS, List.of("gouvPositionDN")),
            Map.entry(PersonColumn.LANGUAGE, List.of("preferredLanguage")),
            Map.entry(PersonColumn.ADDRESS, List.of("mail")),
            Map.entry(PersonColumn.ALIASES, List.of("gouvMailAlternateAddress")),
            Map.entry(PersonColumn.HASH, List.of("userPassword")));

    private static final List<PersonColumn> COLUMNS = List.of(PersonColumn.values());

    private final BufferedInputStream in;
    private final Map<PersonColumn, List<String>> attributes = new EnumMap<>(PersonColumn.class);
    private final Map<String, PersonColumn> columns = new HashMap<>();
    private int line = 1;
    private int others;
    private int firstOther;

    /**
     * Begins to read.
     *
     * @param file is not closed by the reader
     * @param mapping which attribute is which of our columns, where it is not the usual one
     */
    public LdifReader(InputStream file, Mapping mapping) throws IOException {
        this.in = new BufferedInputStream(file);
        in.mark(3);
        if (!Arrays.equals(in.readNBytes(3), new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF})) {
            in.reset();
        }
        mapping.columns().names().forEach((column, named) -> {
            List<String> all = named.map(it -> List.of(it.strip())).orElse(ATTRIBUTES.getOrDefault(column, List.of()));
            attributes.put(column, all);
            all.forEach(it -> columns.put(it.toLowerCase(Locale.ROOT), column));
        });
    }

    /** Whether a file is LDIF, by its first line that is no comment. The stream stays where it is. */
    public static boolean isLdif(BufferedInputStream file) throws IOException {
        file.mark(LOOK_BYTES);
        String head = new String(file.readNBytes(LOOK_BYTES), StandardCharsets.ISO_8859_1);
        file.reset();
        return head.replaceFirst("^\u00EF\u00BB\u00BF", "")
                .lines()
                .filter(it -> !it.isBlank() && !it.startsWith("#") && !it.startsWith(" "))
                .findFirst()
                .filter(it -> BEGINS.matcher(it).matches())
                .isPresent();
    }

    /** Our columns, called as the file calls them. */
    Header header() {
        List<String> titles = new ArrayList<>();
        Map<PersonColumn, Integer> places = new EnumMap<>(PersonColumn.class);
        for (PersonColumn column : COLUMNS) {
            places.put(column, titles.size());
            titles.add(attributes.getOrDefault(column, List.of()).stream()
                    .findFirst()
                    .orElse(column.title()));
        }
        return new Header(titles, places);
    }

    /** How many entries were of no person. */
    int others() {
        return others;
    }

    /** Where the first of those was. */
    int firstOther() {
        return firstOther;
    }

    @Override
    public String encoding() {
        return "UTF-8";
    }

    /** Of the refused rows, which come back as CSV. */
    @Override
    public char delimiter() {
        return ';';
    }

    @Override
    public ImportFile.Format format() {
        return ImportFile.Format.LDIF;
    }

    @Override
    public Optional<CsvRow> next() throws IOException {
        for (Optional<Line> first = line(); first.isPresent(); first = line()) {
            if (first.get().isBlank() || first.get().name().equals("version")) {
                continue;
            }
            Entry entry = new Entry(first.get().number());
            boolean none = NO_ENTRY.contains(first.get().name());
            if (!none) {
                entry.begins(first.get());
            }
            for (Optional<Line> each = line(); each.isPresent() && !each.get().isBlank(); each = line()) {
                if (!none) {
                    entry.add(each.get());
                }
            }
            if (!none && entry.isPerson()) {
                return Optional.of(entry.row());
            }
            if (!none && others++ == 0) {
                firstOther = first.get().number();
            }
        }
        return Optional.empty();
    }

    /**
     * A line with those that go on with it.
     *
     * @param octets a character each (ISO 8859-1)
     * @param cut whether there was more than is kept
     */
    private record Line(int number, String octets, boolean cut) {
        boolean isBlank() {
            return octets.isEmpty();
        }

        /** The attribute without its options; empty if this is no line of LDIF. */
        String name() {
            String written = description();
            int options = written.indexOf(';');
            return options < 0 ? written : written.substring(0, options);
        }

        /** The attribute with its options, in lower case. */
        String description() {
            return octets.substring(0, Math.max(0, octets.indexOf(':'))).toLowerCase(Locale.ROOT);
        }

        /** What stands between the colon and the value: nothing, {@code :} or {@code <} (RFC 2849, value-spec). */
        char kind() {
            int after = octets.indexOf(':') + 1;
            return octets.startsWith(":", after) || octets.startsWith("<", after) ? octets.charAt(after) : ' ';
        }

        byte[] value() {
            String after = octets.substring(octets.indexOf(':') + (kind() == ' ' ? 1 : 2));
            return after.replaceFirst("^ +", "").getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** The next line that is no comment; one that begins with a space goes on with the one before (RFC 2849, note 2). */
    private Optional<Line> line() throws IOException {
        while (true) {
            int begins = line;
            ByteArrayOutputStream kept = new ByteArrayOutputStream(128);
            boolean cut = false;
            boolean any = false;
            while (true) {
                int octet = in.read();
                any |= octet >= 0;
                if (octet == '\r' && peek() == '\n') {
                    octet = in.read();
                }
                if (octet >= 0 && octet != '\n' && octet != '\r') {
                    cut |= kept.size() >= LINE_BYTES_KEPT;
                    if (!cut) {
                        kept.write(octet);
                    }
                    continue;
                }
                line += octet >= 0 ? 1 : 0;
                if (octet < 0 || kept.size() == 0 || peek() != ' ') {
                    break;
                }
                in.skipNBytes(1);
            }
            if (!any) {
                return Optional.empty();
            }
            String octets = kept.toString(StandardCharsets.ISO_8859_1);
            if (!octets.startsWith("#")) {
                return Optional.of(new Line(begins, octets, cut));
            }
        }
    }

    private int peek() throws IOException {
        in.mark(1);
        int octet = in.read();
        in.reset();
        return octet;
    }

    private record Value(String text, int line) {}

    /** An entry while it is read. */
    private final class Entry {
        private final int begins;
        private final Map<String, List<Value>> values = new HashMap<>();
        private boolean classed;
        private boolean person;
        private int bytes;
        private CsvRow.@Nullable Fault fault;

        Entry(int begins) {
            this.begins = begins;
        }

        void begins(Line first) {
            if (!first.name().equals("dn")) {
                fault(CsvRow.Kind.LDIF_DN, first.number(), "dn");
            }
        }

        void add(Line line) {
            String name = line.name();
            if (line.description().isEmpty()) {
                fault(CsvRow.Kind.LDIF_LINE, line.number(), "");
            } else if (name.equals("changetype") && !text(line).strip().equalsIgnoreCase("add")) {
                fault(CsvRow.Kind.LDIF_CHANGE, line.number(), "changetype");
            } else if (name.equals("control")) {
                fault(CsvRow.Kind.LDIF_CHANGE, line.number(), "control");
            } else if (name.equals("objectclass")) {
                classed = true;
                person |= PERSON.contains(text(line).strip().toLowerCase(Locale.ROOT));
            } else if (columns.containsKey(name) && name.equals(line.description())) {
                value(line, name);
            }
        }

        private void value(Line line, String name) {
            byte[] octets = line.value();
            if (line.kind() == '<') {
                fault(CsvRow.Kind.LDIF_URL, line.number(), name);
                return;
            }
            if (line.cut()) {
                fault(CsvRow.Kind.CELL_TOO_LONG, line.number(), name);
                return;
            }
            if (line.kind() == ':') {
                try {
                    octets = Base64.getDecoder().decode(new String(octets, StandardCharsets.ISO_8859_1).strip());
                } catch (IllegalArgumentException e) {
                    fault(CsvRow.Kind.LDIF_BASE64, line.number(), name);
                    return;
                }
            }
            bytes += octets.length;
            if (octets.length > VALUE_BYTES_MAX) {
                fault(CsvRow.Kind.CELL_TOO_LONG, line.number(), name);
            } else if (bytes > ENTRY_BYTES_MAX) {
                fault(CsvRow.Kind.ROW_TOO_LONG, line.number(), name);
            } else {
                decoded(octets)
                        .ifPresentOrElse(
                                text -> values.computeIfAbsent(name, _ -> new ArrayList<>())
                                        .add(new Value(text, line.number())),
                                () -> fault(CsvRow.Kind.LDIF_BINARY, line.number(), name));
            }
        }

        /** Of an entry whose class is not told, that it has a registration number. */
        boolean isPerson() {
            return classed
                    ? person
                    : fault != null
                            || attributes.getOrDefault(PersonColumn.NUMBER, List.of()).stream()
                                    .anyMatch(it -> values.containsKey(it.toLowerCase(Locale.ROOT)));
        }

        CsvRow row() {
            List<String> cells = new ArrayList<>();
            List<Integer> lines = new ArrayList<>();
            List<Value> further = List.of();
            for (PersonColumn column : COLUMNS) {
                List<Value> all = new ArrayList<>(of(column));
                if (column == PersonColumn.ADDRESS && all.size() > 1) {
                    further = all.subList(1, all.size());
                    all = all.subList(0, 1);
                }
                if (column == PersonColumn.ALIASES) {
                    all.addAll(further);
                }
                if (all.size() > 1 && column != PersonColumn.POSITIONS && column != PersonColumn.ALIASES) {
                    fault(CsvRow.Kind.SEVERAL_VALUES, all.get(1).line(), column);
                }
                cells.add(all.stream().map(it -> meant(column, it.text())).collect(Collectors.joining(" ")));
                lines.add(all.isEmpty() ? begins : all.getFirst().line());
            }
            return new CsvRow(begins, cells, lines, Optional.ofNullable(fault));
        }

        /** The values of the first attribute that the entry has. */
        private List<Value> of(PersonColumn column) {
            return attributes.getOrDefault(column, List.of()).stream()
                    .map(it -> values.get(it.toLowerCase(Locale.ROOT)))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(List.of());
        }

        private void fault(CsvRow.Kind kind, int at, String attribute) {
            PersonColumn column = columns.get(attribute);
            if (column != null) {
                fault(kind, at, column);
            } else if (fault == null) {
                fault = new CsvRow.Fault(kind, at, 0, attribute);
            }
        }

        private void fault(CsvRow.Kind kind, int at, PersonColumn column) {
            if (fault == null) {
                fault = new CsvRow.Fault(kind, at, COLUMNS.indexOf(column) + 1, "");
            }
        }
    }

    private static String text(Line line) {
        byte[] octets = line.value();
        try {
            return new String(
                    line.kind() == ':'
                            ? Base64.getDecoder().decode(new String(octets, StandardCharsets.ISO_8859_1).strip())
                            : octets,
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Optional<String> decoded(byte[] octets) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            return text.codePoints().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** A value as a cell has it: a code for a distinguished name, a language for a range of them (RFC 2798 section 2.7). */
    private static String meant(PersonColumn column, String value) {
        if (column == PersonColumn.ENTITY || column == PersonColumn.POSITIONS) {
            Matcher name = NAME.matcher(value);
            return name.matches() ? name.group(1).strip() : value;
        }
        return column == PersonColumn.LANGUAGE ? value.split("[-,;]", 2)[0].strip() : value;
    }
}
