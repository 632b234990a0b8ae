package client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What connection.json says: where to connect, and as whom. */
public record Sheet(
        String domain,
        String host,
        Path ca,
        Map<String, Object> ports,
        Map<String, Object> urls,
        Map<String, Object> processes,
        String ldapBase,
        List<Account> accounts) {
    /**
     * Somebody who can sign in.
     *
     * @param dn the entry in LDAP; empty if there is none
     */
    public record Account(String address, String login, String password, String dn, List<?> roles) {}

    /** Reads the sheet. */
    public static Sheet read(Path file) throws IOException {
        Map<String, Object> json = object(new Json(Files.readString(file)).value());
        List<Account> accounts = new ArrayList<>();
        for (Object entry : (List<?>) json.get("accounts")) {
            Map<String, Object> account = object(entry);
            accounts.add(new Account(
                    account.get("address").toString(),
                    account.get("login").toString(),
                    account.get("password").toString(),
                    account.get("dn") instanceof String dn ? dn : "",
                    (List<?>) account.get("roles")));
        }
        return new Sheet(
                json.get("domain").toString(),
                json.get("host").toString(),
                Path.of(json.get("ca").toString()),
                object(json.get("ports")),
                object(json.get("urls")),
                object(json.get("processes")),
                json.get("ldapBase").toString(),
                accounts);
    }

    /** The port of a protocol. */
    public int port(String protocol) {
        return ((Long) ports.get(protocol)).intValue();
    }

    /** The address of a door. */
    public String url(String door) {
        return urls.get(door).toString();
    }

    /** One of the people who are nothing else than a person, counted from 0. */
    public Account person(int number) {
        return accounts.stream()
                .filter(account -> account.roles().equals(List.of("person")))
                .skip(number)
                .findFirst()
                .orElseThrow();
    }

    /** Whose address this is. */
    public Account account(String address) {
        return accounts.stream()
                .filter(account -> account.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    /** The administrator. */
    public Account administrator() {
        return accounts.stream()
                .filter(account -> account.roles().contains("administrator"))
                .findFirst()
                .orElseThrow();
    }

    /** The process id of a part of the program. */
    public long process(String part) {
        return (Long) processes.get(part);
    }

    @SuppressWarnings("unchecked") // an object of JSON has names for keys
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }
}
