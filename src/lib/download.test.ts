import { saveFile } from './download';

it('saves a text under its name, and lets go of it', async () => {
  const blobs: Blob[] = [];
  URL.createObjectURL = jest.fn((blob: Blob) => {
    blobs.push(blob);
    return 'blob:1';
  }) as never;
  URL.revokeObjectURL = jest.fn();
  const clicked: HTMLAnchorElement[] = [];
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    clicked.push(this);
  });
  saveFile('stakes.yaml', 'a: b');
  expect(clicked[0]).toMatchObject({ download: 'stakes.yaml', href: 'blob:1' });
  expect(blobs[0].size).toBe(4);
  expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:1');
});
