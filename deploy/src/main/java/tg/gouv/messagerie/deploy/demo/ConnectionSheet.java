package tg.gouv.messagerie.deploy.demo;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a person or a script needs to connect to the demonstration, as {@code connection.json} says it. What does not
 * exist yet has no entry: no port, no address, no field.
 *
 * @param format of this sheet; a reader refuses one it does not know
 * @param host the name to connect to, one of the certificate's
 * @param ca the file of the authority to trust
 * @param ports by protocol
 * @param urls by service
 * @param ldapBase the name below which the directory is, over LDAP
 * @param processes the process ids of the program and of its PostgreSQL
 * @param accounts in the order of the screen
 */
@JsonPropertyOrder({"format", "domain", "host", "ca", "ports", "urls", "ldapBase", "processes", "accounts"})
public record ConnectionSheet(
        int format,
        String domain,
        String host,
        String ca,
        Map<String, Integer> ports,
        Map<String, String> urls,
        String ldapBase,
        Map<String, Long> processes,
        List<SheetAccount> accounts) {
    /** The format this program writes. */
    public static final int FORMAT = 1;

    /** The name of the sheet in the data directory. */
    public static final String FILE = "connection.json";

    /**
     * One account of the demonstration.
     *
     * @param login what a client gives as user name
     * @param dn the name of the entry, over LDAP
     * @param roles labels of what the person is in the demonstration's story
     */
    @JsonPropertyOrder({"name", "address", "login", "dn", "password", "roles", "entity"})
    public record SheetAccount(
            String name, String address, String login, String dn, String password, List<String> roles, String entity) {
        /** The account without its password. */
        @Override
        public String toString() {
            return address;
        }
    }

    /**
     * The sheet of the demonstration that runs over this data.
     *
     * @return nothing if none runs
     * @throws IOException if the sheet cannot be read, or is of another format
     */
    public static Optional<ConnectionSheet> of(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ConnectionSheet sheet = JsonMapper.builder().build().readValue(Files.readString(file), ConnectionSheet.class);
        if (sheet.format() != FORMAT) {
            throw new IOException(file + ": format " + sheet.format() + ", not " + FORMAT);
        }
        return Optional.of(sheet);
    }

    /** The account that a person means by its address, or by what stands before the « @ », or a beginning of that which only one has. */
    public Optional<SheetAccount> account(String said) {
        String wanted = said.toLowerCase(Locale.ROOT);
        List<SheetAccount> found =
                accounts.stream().filter(it -> it.address().startsWith(wanted)).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** The sheet as JSON, for people too: indented, in the order of its parts. */
    public String toJson() {
        try {
            return JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(this)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
