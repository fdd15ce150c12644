import type { PostgresFolders } from './postgres-folders.ts';

/**
 * Settings of the embedded server. They go on its command line, where no file and no ALTER SYSTEM can undo them: what is
 * acknowledged must be durable. Whoever wants to tune a server gives DATABASE_URL.
 */
export function serverSettings({ socket, log }: Pick<PostgresFolders, 'socket' | 'log'>): Record<string, string> {
  return {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: `"${socket.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    max_connections: '60',

    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',

    shared_buffers: '128MB',
    wal_compression: 'on',
    checkpoint_timeout: '15min',
    max_wal_size: '2GB',
    jit: 'off',

    timezone: 'UTC',
    log_timezone: 'UTC',
    // A file for each weekday, emptied when its day comes round.
    logging_collector: 'on',
    log_directory: log,
    log_filename: 'postgres-%a.log',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_truncate_on_rotation: 'on',
    log_file_mode: '0600',
    // Statements and details quote rows, and rows hold phone numbers.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
  };
}
