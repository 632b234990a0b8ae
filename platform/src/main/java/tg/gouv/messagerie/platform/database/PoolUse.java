package tg.gouv.messagerie.platform.database;

/**
 * How much of a role's connections is in use now.
 *
 * @param active connections lent at this moment
 * @param idle connections open and free
 * @param waiting operations that wait for a connection
 * @param most how many connections the role may have
 */
public record PoolUse(String role, int active, int idle, int waiting, int most) {}
